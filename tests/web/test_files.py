"""Photos and files on agents’ screens: joined, proven, handed out to who sees the case and to nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from crm.attachments.models import Attachment, WaitingFile
from crm.foundation import EventRow, FrozenClock, Sessions
from crm.interactions import Interaction
from tests.attachments import pictures
from tests.given import kept_case
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
Open = Callable[..., str]
Named = tuple[str, bytes]


@pytest.fixture
def opened(world: World, sessions: Sessions, clock: FrozenClock) -> Open:
    return lambda *state, **told: world.case(sessions, clock, *state, **told)


def _post(browser: Browser, path: str, *files: Named, **typed: str) -> TestResponse:
    home = browser.client.get("/console/", follow_redirects=True).text
    token = re.search(r'<meta name="csrf-token" content="([^"]+)"', home)
    fields: MultiDict[str, object] = MultiDict({"csrf_token": token[1] if token else "", **typed})
    for name, content in files:
        fields.add("files", FileStorage(BytesIO(content), name))
    boundary, body = encode_multipart(fields)
    return browser.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def _files(sessions: Sessions) -> list[Attachment]:
    with sessions() as session:
        return list(session.scalars(sa.select(Attachment).order_by(Attachment.id)))


def _staged_in(page: TestResponse) -> str:
    found = re.findall(r'name="staged" value="([^"]+)"', page.text)
    return found[0] if found else ""


def _reported(
    browser: Browser, sessions: Sessions, reference: str, *files: Named, **typed: str
) -> TestResponse:
    seen = str(kept_case(sessions, reference).version)
    told = {"seen_version": seen, "outcome": "F", "report": "Rebouché.", **typed}
    return _post(browser, f"/console/demandes/{reference}/compte-rendu", *files, **told)


def test_files_are_added_with_a_note_and_shown(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, reference = log_in("team_lead"), opened()
    at = f"/console/demandes/{reference}/fichiers"
    answer = _post(
        browser,
        at,
        ("avant.jpg", pictures.photo()),
        ("devis.pdf", pictures.PDF),
        text="Vu.",
        evidence="before",
    )
    assert answer.status_code == 303
    photo, quote = _files(sessions)
    assert (photo.evidence, photo.is_internal, photo.added_by) == ("before", True, "agent")
    page = browser.get(f"/console/demandes/{reference}").text
    assert f"{at}/{photo.token}/apercu" in page and "devis.pdf" in page and "Avant" in page and "Vu." in page
    assert "Fichiers ajoutés au dossier" in page
    whole = browser.get(f"{at}/{photo.token}")
    assert whole.headers["Content-Disposition"] == "attachment; filename=avant.jpg"
    assert whole.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert browser.get(f"{at}/{quote.token}").data == pictures.PDF
    assert browser.get(f"{at}/{quote.token}/apercu").status_code == 404


def test_a_photo_that_the_storage_has_not_taken_is_said_to_wait_and_still_opens(
    log_in: Enter, opened: Open, sessions: Sessions, clock: FrozenClock
) -> None:
    browser, reference = log_in("team_lead"), opened()
    at = f"/console/demandes/{reference}"
    _post(browser, f"{at}/fichiers", ("a.jpg", pictures.photo()))
    assert "en attente d’enregistrement" not in browser.get(at).text
    clock.at += timedelta(minutes=2)
    assert "Photo en attente d’enregistrement" in browser.get(at).text
    (file,) = _files(sessions)
    assert browser.get(f"{at}/fichiers/{file.token}").data.startswith(b"\xff\xd8\xff")


def test_a_refused_file_keeps_the_note_and_the_others(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("team_lead"), opened()
    at = f"/console/demandes/{reference}/fichiers"
    page = _post(browser, at, ("a.jpg", pictures.photo()), ("b.jpg", pictures.zip_bomb()), text="Deux vues.")
    assert page.status_code == 422 and "est une archive" in page.text and "Deux vues." in page.text
    assert _post(browser, at, staged=_staged_in(page), text="Deux vues.").status_code == 303
    assert [file.name for file in _files(sessions)] == ["a.jpg"]


def test_sent_twice_is_added_once(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, reference = log_in("team_lead"), opened()
    for _ in range(2):
        at = f"/console/demandes/{reference}/fichiers"
        assert _post(browser, at, ("a.jpg", pictures.photo())).status_code == 303
    assert len(_files(sessions)) == 1
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(WaitingFile)) == 1


@pytest.mark.parametrize("who", ["neighbour", "lighting", "config_admin"])
def test_who_does_not_see_the_case_sees_none_of_its_files(
    log_in: Enter, opened: Open, sessions: Sessions, who: str
) -> None:
    reference = opened()
    at = f"/console/demandes/{reference}/fichiers"
    _post(log_in("team_lead"), at, ("a.jpg", pictures.photo()))
    (file,) = _files(sessions)
    stranger = log_in(who)
    for address in (f"{at}/{file.token}", f"{at}/{file.token}/apercu"):
        assert stranger.get(address).status_code == 404
    assert _post(stranger, at, ("b.jpg", pictures.photo(90, 90))).status_code == 404
    assert len(_files(sessions)) == 1
    with sessions() as session:  # nothing was even opened
        assert session.scalar(sa.select(sa.func.count()).select_from(WaitingFile)) == 1


def test_a_file_of_another_case_is_not_on_this_one(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, one, other = log_in("advisor"), opened(), opened()
    _post(browser, f"/console/demandes/{one}/fichiers", ("a.jpg", pictures.photo()))
    (file,) = _files(sessions)
    assert browser.get(f"/console/demandes/{other}/fichiers/{file.token}").status_code == 404
    assert browser.get(f"/console/demandes/{one}/fichiers/{file.token}").status_code == 200


def test_work_done_asks_for_its_photo_and_keeps_the_words(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("team_lead"), opened()
    refused = _reported(browser, sessions, reference)
    assert refused.status_code == 422
    assert "Joignez une photo du travail fait" in refused.text and "Rebouché." in refused.text
    assert kept_case(sessions, reference).state == "assigned"
    assert _reported(browser, sessions, reference, ("fait.jpg", pictures.photo())).status_code == 303
    (file,) = _files(sessions)
    assert (file.evidence, file.is_internal, kept_case(sessions, reference).state) == (
        "after",
        True,
        "resolved",
    )


def test_without_a_photo_the_reason_is_enough_and_is_kept(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("field_agent"), opened()
    done = _reported(browser, sessions, reference, no_photo="Pluie battante, appareil en panne.")
    assert done.status_code == 303 and kept_case(sessions, reference).state == "resolved"
    with sessions() as session:
        kept = session.scalars(sa.select(Interaction.body).where(Interaction.kind == "no_photo")).one()
    assert kept == "Pluie battante, appareil en panne."
    assert "Pluie battante" in browser.get(f"/console/demandes/{reference}").text


def test_a_pdf_proves_nothing_and_an_old_photo_neither(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("team_lead"), opened()
    at = f"/console/demandes/{reference}/fichiers"
    _post(browser, at, ("avant.jpg", pictures.photo()), evidence="before")
    assert _reported(browser, sessions, reference, ("bon.pdf", pictures.PDF)).status_code == 422
    assert kept_case(sessions, reference).state == "assigned" and len(_files(sessions)) == 1


def test_other_outcomes_ask_for_no_photo(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, reference = log_in("team_lead"), opened()
    assert _reported(browser, sessions, reference, outcome="NC").status_code == 303


def test_a_refused_report_keeps_its_photo(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, reference = log_in("team_lead"), opened()
    page = _reported(browser, sessions, reference, ("fait.jpg", pictures.photo()), report=" ")
    assert page.status_code == 422 and _files(sessions) == []
    staged = _staged_in(page)
    assert _reported(browser, sessions, reference, staged=staged).status_code == 303
    assert [file.name for file in _files(sessions)] == ["fait.jpg"]


def test_the_usager_sees_the_work_only_if_it_is_shown(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    for told, expected in (({}, 404), ({"is_public": "1"}, 200)):
        reference = opened()
        _reported(log_in("team_lead"), sessions, reference, ("fait.jpg", pictures.photo()), **told)
        file, token = _files(sessions)[-1], kept_case(sessions, reference).public_token
        resident = log_in("advisor").client
        assert resident.get(f"/suivi/{token}/fichiers/{file.token}/apercu").status_code == expected


def test_photos_come_with_the_demand_being_entered_and_survive_its_refusal(
    log_in: Enter, sessions: Sessions
) -> None:
    browser = log_in("advisor")
    form = {**browser.form("/console/demandes/nouvelle"), "channel": "desk", "kind": "report"}
    form |= {"answer_channel": "none", "category": "VOIR-01", "insee": "99801"}
    refused = _post(browser, "/console/demandes/nouvelle", ("trou.jpg", pictures.photo()), **form, object="")
    assert refused.status_code == 422 and "trou.jpg" in refused.text
    told = {**form, "object": "Un trou", "staged": _staged_in(refused)}
    for _ in range(2):  # and sent twice
        assert _post(browser, "/console/demandes/nouvelle", **told).status_code == 303
    (file,) = _files(sessions)
    assert (file.added_by, file.is_internal) == ("agent", False)
    with sessions() as session:
        assert (
            session.scalars(sa.select(EventRow.data).where(EventRow.kind == "files.received")).one()["count"]
            == 1
        )


def test_photos_sent_with_the_same_form_twice_are_kept_once(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("advisor")
    form = {**browser.form("/console/demandes/nouvelle"), "channel": "desk", "kind": "report"}
    form |= {"answer_channel": "none", "category": "VOIR-01", "insee": "99801", "object": "Un trou"}
    for _ in range(2):
        answer = _post(browser, "/console/demandes/nouvelle", ("trou.jpg", pictures.photo()), **form)
        assert answer.status_code == 303
    assert len(_files(sessions)) == 1


def test_a_file_without_its_form_token_is_not_taken(log_in: Enter, opened: Open, sessions: Sessions) -> None:
    browser, reference = log_in("team_lead"), opened()
    at = f"/console/demandes/{reference}/fichiers"
    boundary, body = encode_multipart({"files": FileStorage(BytesIO(pictures.photo()), "a.jpg")})
    sent = browser.client.post(at, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert sent.status_code == 400 and _files(sessions) == []


def test_a_file_is_withdrawn_with_a_motive_that_the_trail_keeps(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    browser, reference = log_in("advisor"), opened()
    at = f"/console/demandes/{reference}/fichiers"
    _post(browser, at, ("visage.jpg", pictures.photo()))
    token = _files(sessions)[0].token
    refused = _post(browser, f"{at}/{token}/retrait", withdrawal=" ")
    assert refused.status_code == 422 and "Remplissez cette case" in refused.text
    assert browser.get(f"{at}/{token}/apercu").status_code == 200
    assert _post(browser, f"{at}/{token}/retrait", withdrawal="On reconnaît un passant.").status_code == 303
    page = browser.get(f"/console/demandes/{reference}").text
    assert "Fichier retiré du dossier." in page and "On reconnaît un passant." in page
    assert "visage.jpg" not in page
    for address in (f"{at}/{token}", f"{at}/{token}/apercu"):
        assert browser.get(address).status_code == 404
    assert _post(browser, f"{at}/{token}/retrait", withdrawal="Encore").status_code == 404


def test_who_only_works_there_withdraws_their_own_files_alone(
    log_in: Enter, opened: Open, sessions: Sessions
) -> None:
    reference = opened()
    at = f"/console/demandes/{reference}/fichiers"
    _post(log_in("advisor"), at, ("centre.jpg", pictures.photo()))
    lead = log_in("team_lead")
    _post(lead, at, ("chantier.jpg", pictures.photo(900, 700)))
    theirs, own = (file.token for file in _files(sessions))
    assert lead.get(f"/console/demandes/{reference}").text.count("Retirer ce fichier") == 1
    assert _post(lead, f"{at}/{theirs}/retrait", withdrawal="x").status_code == 403
    assert _post(lead, f"{at}/{own}/retrait", withdrawal="Mauvais dossier").status_code == 303
    assert _post(log_in("lighting"), f"{at}/{theirs}/retrait", withdrawal="x").status_code == 404
