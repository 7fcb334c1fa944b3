"""Messages that wait are read and sorted on one screen; each act leads to the next message."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from crm.attachments import files_of_case
from crm.cases import Case
from crm.channels import Arrival
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.inbox import Inbound, store_inbound, understand
from crm.interactions import Interaction
from crm.reactions import REACTIONS
from tests.channels.mails import ANA, RECEIVER, mail
from tests.web.agents import Browser
from tests.web.mails import with_photo_and_layout
from tests.web.world import World

Enter = Callable[[str], Browser]


def _arrived(sessions: Sessions, clock: FrozenClock, content: bytes) -> int:
    units = Units(sessions, clock, REACTIONS)
    with units.begin(SYSTEM) as uow:
        came = Arrival(external_id=str(hash(content)), content=content)
        inbound_id = store_inbound(uow, "email", came)
        assert inbound_id is not None
    with units.begin(SYSTEM) as uow:
        understand(uow, {"email": RECEIVER}, inbound_id)
    return inbound_id


def _kept(sessions: Sessions, inbound_id: int) -> Inbound:
    with sessions() as session:
        return session.get_one(Inbound, inbound_id)


def _seen(page: str) -> str:
    found = re.search(r'name="seen_version" value="(\d+)"', page)
    assert found
    return found[1]


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', page))


def test_a_mail_becomes_a_demand_dated_from_its_reception_with_its_photo(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    # given: it came yesterday evening
    received = clock.at
    inbound_id = _arrived(sessions, clock, with_photo_and_layout("Lampadaire éteint rue des Lilas."))
    clock.at = clock.at.replace(day=clock.at.day + 1)
    browser = log_in("advisor")
    assert "Bonsoir" in browser.get("/console/arrivees").text
    page = browser.get(f"/console/arrivees/{inbound_id}").text
    assert ANA in page and "Ana Lopez" in page and "trou.png" in page
    # when
    form = browser.post(f"/console/arrivees/{inbound_id}/demande", seen_version=_seen(page))
    assert form.status_code == 303
    filled = browser.get(form.location).text
    assert "Lampadaire éteint rue des Lilas." in filled and ANA in filled and "trou" in filled
    typed = _hidden(filled) | {
        "object": "Lampadaire éteint rue des Lilas.", "category": "ECLA-01", "channel": "email",
        "email": ANA, "family_name": "Lopez", "answer_channel": "email", "received_on": "2026-09-15",
        "place_text": "rue des Lilas", "kind": "report", "for_whom": "self",
    }  # fmt: skip
    answer = browser.post("/console/demandes/nouvelle", **typed)
    # then
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>([^<]*)', answer.text)
    done = _kept(sessions, inbound_id)
    with sessions() as session:
        case = session.get_one(Case, done.case_id)
        assert (done.outcome, case.channel, case.received_at) == ("case", "email", received)
        assert [file.name for file in files_of_case(session, case.id)] == ["trou.png"]
    assert "Autre demande du même message" in browser.get(answer.location).text


def test_registered_by_two_agents_the_second_is_told_who_decided(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    inbound_id = _arrived(sessions, clock, mail())
    first, second = log_in("advisor"), log_in("supervisor")
    page = first.get(f"/console/arrivees/{inbound_id}").text
    form = second.post(f"/console/arrivees/{inbound_id}/demande", seen_version=_seen(page))
    typed = _hidden(second.get(form.location).text) | {"object": "Un trou", "channel": "email", "email": ANA}
    first.post(f"/console/arrivees/{inbound_id}/classement", seen_version=_seen(page), reason="duplicate")
    said = {"answer_channel": "email", "kind": "report", "for_whom": "self", "category": "VOIR-01"}
    answer = second.post("/console/demandes/nouvelle", **typed, **said)
    assert answer.status_code == 409 and "Karim Belkacem a décidé entre-temps" in answer.text
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Case.object == "Un trou")) == 0


def test_an_answer_without_a_demand_says_who_reads_it_and_leaves(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    inbound_id = _arrived(sessions, clock, mail("À quelle heure ouvrez-vous ?"))
    browser = log_in("advisor")
    page = browser.get(f"/console/arrivees/{inbound_id}").text
    assert re.search(rf"À[^<]*:.*Ana Lopez.*{re.escape(ANA)}", page, re.S) and 'data-limit="300000"' in page
    address = f"/console/arrivees/{inbound_id}/reponse"
    refused = browser.post(address, seen_version=_seen(page), body="x" * 300_001)
    assert refused.status_code == 422 and "raccourcissez" in refused.text
    assert browser.post(address, seen_version=_seen(page), body="À 8 h.").status_code == 303
    with sessions() as session:
        sent = session.get_one(Interaction, _kept(sessions, inbound_id).interaction_id)
    assert (sent.recipient, sent.body, sent.state, sent.subject) == (ANA, "À 8 h.", "queued", "Re: Un trou")


def test_a_mail_is_attached_to_the_demand_found_by_its_reference(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock)
    inbound_id = _arrived(sessions, clock, mail(f"Suite à ma demande {reference}"))
    browser = log_in("advisor")
    page = browser.get(f"/console/arrivees/{inbound_id}").text
    assert "référence écrite dans le message" in page
    searched = browser.post(f"/console/arrivees/{inbound_id}/recherche", sought=reference).text
    assert f'value="{reference}"' in searched
    address = f"/console/arrivees/{inbound_id}/rattachement"
    assert browser.post(address, seen_version=_seen(page), reference="2026").status_code == 422
    assert browser.post(address, seen_version=_seen(page), reference=reference).status_code == 303
    assert _kept(sessions, inbound_id).outcome == "reply"
    assert "Suite à ma demande" in browser.get(f"/console/demandes/{reference}").text


def test_an_unknown_sender_on_a_known_thread_is_let_in_or_set_apart(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock)
    browser = log_in("advisor")
    for accepted, outcome in (("1", "reply"), ("0", "waiting")):
        inbound_id = _arrived(sessions, clock, mail(f"C’est moi {accepted}"))
        with sessions() as session:
            case_id = session.scalar(sa.select(Case.id).where(Case.reference == reference))
            told = {"outcome": "confirm", "reason": "unknown_sender", "case_id": case_id}
            session.execute(sa.update(Inbound).where(Inbound.id == inbound_id).values(**told))
            session.commit()
        page = browser.get(f"/console/arrivees/{inbound_id}").text
        assert "Je le connais" in page
        address = f"/console/arrivees/{inbound_id}/expediteur"
        assert browser.post(address, seen_version=_seen(page), accepted=accepted).status_code == 303
        assert _kept(sessions, inbound_id).outcome == outcome


def test_the_layout_stands_in_a_frame_that_can_do_nothing(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    inbound_id = _arrived(sessions, clock, with_photo_and_layout("Bonjour"))
    browser = log_in("advisor")
    page = browser.get(f"/console/arrivees/{inbound_id}").text
    assert re.search(rf'<iframe src="/console/arrivees/{inbound_id}/mise-en-forme" sandbox ', page)
    assert "extérieure" in page and "espion.example" not in page
    frame = browser.get(f"/console/arrivees/{inbound_id}/mise-en-forme")
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'") and "script" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "espion.example" not in frame.text and "<script" not in frame.text
    for address in ("original", "fichiers/1"):
        saved = browser.get(f"/console/arrivees/{inbound_id}/{address}")
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert saved.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert browser.get(f"/console/arrivees/{inbound_id}/original").mimetype == "message/rfc822"
    assert browser.get(f"/console/arrivees/{inbound_id}/fichiers/9").status_code == 404


def test_the_balance_is_zero_and_its_numbers_open_their_lists(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, app: Flask
) -> None:
    inbound_id = _arrived(sessions, clock, mail(Subject='=HYPERLINK("https://x.example")'))
    browser = log_in("supervisor")
    page = browser.get(f"/console/arrivees/{inbound_id}").text
    browser.post(f"/console/arrivees/{inbound_id}/classement", seen_version=_seen(page), reason="spam")
    balance = browser.get("/console/arrivees/bilan").text
    assert "0. Tout ce qui est arrivé est expliqué" in balance and "indésirable" in balance
    address = re.search(r'href="(/console/arrivees/bilan/2026-09-15/email/discarded)"', balance)
    assert address and "HYPERLINK" in browser.get(address[1]).text
    sheet = browser.get("/console/arrivees/bilan.csv")
    assert sheet.mimetype == "text/csv" and "2026-09-15;Courriel;1;0" in sheet.get_data(as_text=True)
    assert browser.get("/console/arrivees/bilan", du="hier", au="9999-99-99").status_code == 200
