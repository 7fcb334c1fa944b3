"""A resident’s photos: joined to a demand, added to it, seen by them alone; whatever is refused is said."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from crm.attachments import Giving, attach_files, check_file, stage_file
from crm.attachments.models import Attachment, WaitingFile
from crm.cases import Case
from crm.foundation import SYSTEM, EventRow, FrozenClock, Sessions, Units
from crm.foundation.settings import Files
from crm.reactions import REACTIONS
from tests.attachments import pictures
from tests.portal.resident import draft, form_with, reported, send

Named = tuple[str, bytes]


def _post(client: FlaskClient, page: TestResponse, *files: Named, **typed: str) -> TestResponse:
    """The form with files, as a browser without script sends it."""
    form = form_with(page, "files")
    fields: MultiDict[str, object] = MultiDict({**form.fields, **typed})
    fields.poplist("files")
    for name, content in files:
        fields.add("files", FileStorage(BytesIO(content), name, content_type="image/jpeg"))
    boundary, body = encode_multipart(fields)
    return client.post(form.action, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def _at_photos(client: FlaskClient, category: str = "ECLA-01") -> TestResponse:
    page = send(client, draft(client), "category", category=category)
    return send(client, page, "place", place="10 rue des Lilas, Aubreval")


def _sent(client: FlaskClient, page: TestResponse) -> str:
    page = send(client, page, "way", way="none")
    answer = send(client, page, "key")
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2].partition("?")[0]


def _files(sessions: Sessions) -> list[Attachment]:
    with sessions() as session:
        return list(session.scalars(sa.select(Attachment).order_by(Attachment.id)))


def _tokens(page: TestResponse) -> list[str]:
    return form_with(page, "files").fields["staged"].split()


def test_several_photos_travel_with_the_report_and_come_to_the_case(
    client: FlaskClient, sessions: Sessions
) -> None:
    page = _post(
        client, _at_photos(client), ("mât.jpg", pictures.photo()), ("rue.heic", pictures.photo(kind="HEIF"))
    )
    assert "Comment vous répondre" in page.text
    _sent(client, page)
    kept = _files(sessions)
    assert [(file.name, file.media_type, file.added_by, file.is_internal) for file in kept] == [
        ("mât.jpg", "image/jpeg", "resident", False),
        ("rue.heic", "image/jpeg", "resident", False),
    ]
    with sessions() as session:
        fact = session.scalars(sa.select(EventRow).where(EventRow.kind == "files.received")).one()
    assert fact.data == {"attachment_ids": [file.id for file in kept], "count": 2}


def test_none_is_needed(client: FlaskClient, sessions: Sessions) -> None:
    _sent(client, send(client, _at_photos(client), "files"))
    assert _files(sessions) == []


def test_one_refused_says_why_and_the_others_stay(client: FlaskClient, sessions: Sessions) -> None:
    page = _post(
        client,
        _at_photos(client),
        ("bonne.jpg", pictures.photo()),
        ("grosse.jpg", pictures.photo() + b"\0" * 40_000_000),
        ("plan.png", pictures.enormous_png()),
        ("dessin.svg", pictures.SVG),
        ("photo.jpg", pictures.zip_bomb()),
        ("photo2.jpg", pictures.PROGRAMME),
    )
    assert page.status_code == 422
    for words in (
        "5\u202ffichiers",
        "grosse.jpg\u202f» pèse plus de 20",
        "plan.png\u202f» est une image trop grande (plus de 60",
        "dessin.svg\u202f» est un dessin SVG",
        "photo.jpg\u202f» est une archive",
        "photo2.jpg\u202f» est un programme",
    ):
        assert words in page.text.replace("\xa0", "\u202f") or words.replace("\u202f", " ") in page.text, (
            words
        )
    assert len(_tokens(page)) == 1 and "bonne.jpg" in page.text
    assert form_with(page, "files").fields["object"] == "Lampadaire éteint devant l’école"
    # the others were sent once, and need not be chosen again
    _sent(client, send(client, page, "files"))
    assert [file.name for file in _files(sessions)] == ["bonne.jpg"]


def test_a_seventh_photo_is_one_too_many(client: FlaskClient) -> None:
    seven = [(f"{n}.jpg", pictures.photo(40 + n, 40)) for n in range(7)]
    page = _post(client, _at_photos(client), *seven)
    assert page.status_code == 422 and len(_tokens(page)) == 6
    assert "6.jpg" in page.text and "6 fichiers au plus" in page.text.replace("\u202f", " ").replace(
        "\xa0", " "
    )


def test_a_photo_may_be_seen_and_taken_away_before_sending(client: FlaskClient, sessions: Sessions) -> None:
    page = _post(client, _at_photos(client), ("a.jpg", pictures.photo()), go="photos")
    (token,) = _tokens(page)
    small = client.get(f"/signaler/photos/{token}")
    assert small.mimetype == "image/jpeg" and "sandbox" in small.headers["Content-Security-Policy"]
    _sent(client, _post(client, page, dropped=token))
    assert _files(sessions) == []


def test_the_same_form_sent_twice_keeps_each_photo_once(client: FlaskClient, sessions: Sessions) -> None:
    page = _post(client, _at_photos(client), ("a.jpg", pictures.photo()))
    page = send(client, page, "way", way="none")
    first, second = send(client, page, "key"), send(client, page, "key")
    assert first.status_code == second.status_code == 303
    assert len(_files(sessions)) == 1


def test_the_same_photo_twice_in_one_report_is_one(client: FlaskClient, sessions: Sessions) -> None:
    page = _post(client, _at_photos(client), ("a.jpg", pictures.photo()), ("b.jpg", pictures.photo()))
    _sent(client, page)
    assert [file.name for file in _files(sessions)] == ["a.jpg"]
    with sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(WaitingFile)) == 1


def test_a_token_made_up_or_of_another_case_brings_nothing(client: FlaskClient, sessions: Sessions) -> None:
    page = _post(client, _at_photos(client), ("a.jpg", pictures.photo()))
    _sent(client, page)
    (stolen,) = _files(sessions)
    page = _post(client, _at_photos(client, "VOIR-01"), staged=f"{stolen.token} {'x' * 32} ../../etc/passwd")
    _sent(client, page)
    (still,) = _files(sessions)
    assert still.case_id == stolen.case_id


def test_a_sending_too_heavy_as_a_whole_is_said_to_be(client: FlaskClient) -> None:
    heavy = client.post(
        "/signaler", data=b"x", content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": "200000000"}, environ_overrides={"CONTENT_LENGTH": "200000000"},
    )  # fmt: skip
    assert heavy.status_code == 413 and "trop lourd" in heavy.text


def test_where_no_file_is_expected_none_may_be_heavy(client: FlaskClient) -> None:
    form = {"reference": "x", "files": FileStorage(BytesIO(b"\0" * 3_000_000), "a.jpg")}
    boundary, body = encode_multipart(form)
    sent = client.post("/suivi", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert sent.status_code == 413


# On the page of a demand


@pytest.fixture
def tracked(client: FlaskClient) -> str:
    return reported(client, way="none")


def test_a_photo_is_added_with_a_word_and_shown_to_who_sent_it(
    client: FlaskClient, sessions: Sessions, tracked: str
) -> None:
    page = client.get(f"/suivi/{tracked}/photos")
    answer = _post(client, page, ("mât.jpg", pictures.photo()), text="Voici le mât.")
    assert answer.status_code == 303
    (file,) = _files(sessions)
    shown = client.get(f"/suivi/{tracked}/photos").text
    assert f"/suivi/{tracked}/fichiers/{file.token}/apercu" in shown and 'alt="Photo 1' in shown
    page_of_it = client.get(f"/suivi/{tracked}").text
    assert f"fichiers/{file.token}/apercu" in page_of_it and "Vous avez joint des fichiers" in page_of_it
    small = client.get(f"/suivi/{tracked}/fichiers/{file.token}/apercu")
    whole = client.get(f"/suivi/{tracked}/fichiers/{file.token}")
    assert small.mimetype == whole.mimetype == "image/jpeg"
    assert whole.headers["Content-Disposition"].startswith("attachment;")
    assert "m%C3%A2t.jpg" in whole.headers["Content-Disposition"]
    for answer in (small, whole):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"].startswith("private")
    with sessions() as session:
        kinds = set(session.scalars(sa.select(EventRow.kind).where(EventRow.subject_id == file.case_id)))
    assert {"case.precised", "files.received"} <= kinds


def test_a_photo_alone_is_enough_and_nothing_at_all_is_not(
    client: FlaskClient, sessions: Sessions, tracked: str
) -> None:
    page = client.get(f"/suivi/{tracked}/photos")
    empty = _post(client, page, text="Sans photo")
    assert (
        empty.status_code == 422
        and "Choisissez au moins une photo" in empty.text
        and "Sans photo" in empty.text
    )
    assert _post(client, page, ("a.jpg", pictures.photo())).status_code == 303
    assert len(_files(sessions)) == 1


def test_a_form_refused_keeps_the_photo_that_was_good(
    client: FlaskClient, sessions: Sessions, tracked: str
) -> None:
    page = client.get(f"/suivi/{tracked}/photos")
    refused = _post(client, page, ("a.jpg", pictures.photo()), ("b.svg", pictures.SVG), text="Voici.")
    assert refused.status_code == 422 and "Voici." in refused.text and len(_tokens(refused)) == 1
    assert _post(client, refused).status_code == 303
    assert [file.name for file in _files(sessions)] == ["a.jpg"]


def test_what_is_not_theirs_does_not_exist(
    client: FlaskClient, app: Flask, sessions: Sessions, clock: FrozenClock, tracked: str
) -> None:
    other = reported(client, text="Un autre lampadaire", way="none")
    page = client.get(f"/suivi/{other}/photos")
    _post(client, page, ("a.jpg", pictures.photo()))
    (file,) = _files(sessions)
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        case = uow.session.scalars(sa.select(Case).where(Case.public_token == tracked)).one()
        checked = check_file(BytesIO(pictures.PDF), "note interne.pdf", Files())
        token = stage_file(uow, case, checked)
        attach_files(uow, case, case.id, [token], Giving(from_usager=False))
    internal = _files(sessions)[-1]
    assert internal.is_internal
    for address in (
        f"/suivi/{tracked}/fichiers/{file.token}",
        f"/suivi/{tracked}/fichiers/{file.token}/apercu",
        f"/suivi/{tracked}/fichiers/{internal.token}",
        f"/suivi/{'x' * 32}/fichiers/{file.token}",
        f"/signaler/photos/{file.token}",
        f"/files/{file.token}",
        f"/static/{file.key}",
    ):
        assert client.get(address).status_code == 404, address
    assert not re.search(r"note interne", client.get(f"/suivi/{tracked}/photos").text)
    assert client.get(f"/suivi/{other}/fichiers/{file.token}").status_code == 200


def test_nothing_is_joined_to_a_demand_that_has_ended(
    client: FlaskClient, sessions: Sessions, clock: FrozenClock, tracked: str
) -> None:
    page = client.get(f"/suivi/{tracked}/photos")
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        case = uow.session.scalars(sa.select(Case).where(Case.public_token == tracked)).one()
        case.state, case.closed_at, case.no_answer_reason = "closed", uow.now, "anonymous"
    late = _post(client, page, ("a.jpg", pictures.photo()), text="Regardez.")
    assert late.status_code == 409 and "Regardez." in late.text and _files(sessions) == []
