"""A letter that arrived: kept as it came, opened as a demand with its true date; batches; who waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from pypdf import PdfReader

from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.inbox import Inbound
from crm.interactions import Interaction, Message, queue_message
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
PATH = "/console/courriers/arrives"
_HIDDEN = {"draft", "channel", "passage"}


def _tiff(shade: int = 255) -> tuple[BytesIO, str]:
    held = BytesIO()
    pages = [Image.new("L", (200, 300), shade) for _ in range(2)]
    pages[0].save(held, "TIFF", save_all=True, append_images=pages[1:])
    return BytesIO(held.getvalue()), "courrier.tif"


def _arrived(sessions: Sessions) -> list[Inbound]:
    with sessions() as session:
        return list(session.scalars(sa.select(Inbound).where(Inbound.channel == "letter")))


def _send(browser: Browser, **fields: Any) -> Any:
    usual = {"files": _tiff(), "received_on": "2026-09-10", "written_on": "2026-09-08"}
    return browser.post(PATH, **{**usual, "sender_name": "Luc Nguyễn", "subject": "Réclamation", **fields})


def test_a_letter_opens_the_form_filled_in_with_its_date_and_its_pages(
    log_in: Enter, sessions: Sessions
) -> None:
    # given
    browser = log_in("advisor")
    assert browser.get(PATH).status_code == 200
    # when
    answer = _send(browser, then="form")
    # then
    assert answer.status_code == 303 and "/console/demandes/nouvelle?brouillon=" in answer.headers["Location"]
    form = browser.get(answer.headers["Location"]).text
    assert 'value="2026-09-10"' in form and "Nguyễn" in form and "Réclamation" in form
    assert re.search(r'<option value="letter" selected', form)
    assert "courrier-page-02" in form
    (kept,) = _arrived(sessions)
    assert (kept.outcome, kept.media_type) == ("waiting", "image/tiff")
    assert kept.received_at.date().isoformat() == "2026-09-10"
    assert kept.about["written_on"] == "2026-09-08"


def test_the_same_scan_is_known_and_says_so(log_in: Enter, sessions: Sessions) -> None:
    browser = log_in("desk_agent")
    assert _send(browser).status_code == 303
    again = _send(browser)
    assert again.status_code == 409 and "déjà enregistré" in again.text
    assert len(_arrived(sessions)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"received_on": ""}, "les délais en partent"),
        ({"received_on": "2026-12-01"}, "à venir"),
        ({"written_on": "2026-09-14"}, "pas écrit après"),
        ({"files": (BytesIO(b"<html>"), "x.pdf")}, "Choisissez un PDF"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    log_in: Enter, sessions: Sessions, fields: dict[str, Any], said: str
) -> None:
    answer = _send(log_in("advisor"), **fields)
    assert answer.status_code == 422 and said in answer.text and "Luc Nguyễn" in answer.text
    assert _arrived(sessions) == []


def test_letters_are_printed_and_marked_by_batch(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    # given
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        sent = [
            Message(
                kind="answer", channel="letter", recipient=f"{name}\n99000 Rivebois", subject="S", body="B"
            )
            for name in ("Ana", "Luc")
        ]
        ids = [queue_message(uow, None, None, one) for one in sent]  # type: ignore[arg-type]
    browser = log_in("advisor")
    # when
    page = browser.post("/console/courriers/lots", letter=[str(ids[0])]).headers["Location"]
    # then
    assert "Ana" in browser.get(page).text and "Luc" not in browser.get(page).text
    assert "Ana" not in browser.get("/console/courriers").text.partition("Lots")[0]
    text = " ".join(p.extract_text() for p in PdfReader(BytesIO(browser.get(f"{page}.pdf").data)).pages)
    assert "Bordereau" in text and "Ana" in text and "Luc" not in text
    assert browser.post(f"{page}/envoyes").status_code == 303
    with sessions() as session:
        states = dict(session.execute(sa.select(Interaction.id, Interaction.state)).all())  # type: ignore[arg-type]
    assert (states[ids[0]], states[ids[1]]) == ("printed", "to_print")
    assert "Réimprimer le lot" in browser.get(page).text


def test_a_counter_gives_numbers_and_the_receipt_bears_the_one_who_came(
    log_in: Enter, sessions: Sessions
) -> None:
    # given
    desk = log_in("desk_agent")
    desk.post("/console/guichet/passages")
    desk.post("/console/guichet/passages")
    home = desk.get("/console/accueil").text
    assert "n° 1" in home and "n° 2" in home
    # when
    (first, *_) = re.findall(r"/console/guichet/passages/(\d+)/recevoir", home)
    form_page = desk.post(f"/console/guichet/passages/{first}/recevoir").headers["Location"]
    hidden = {name: value for name, value in desk.form(form_page).items() if name in _HIDDEN}
    told = {"object": "Trou dans la route", "any_category": "VOIR-01", "commune": "99801"}
    done = desk.post("/console/guichet/nouvelle", **hidden, **told, answer_channel="none")
    # then
    reference = re.search(r"\d{4}-\d{6}-\d{2}", done.headers["Location"])
    assert reference is not None
    receipt = desk.get(f"/console/demandes/{reference[0]}/recepisse.pdf").data
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(receipt)).pages)
    assert re.search(r"Passage\s+n°\s1", text), text
    assert "n° 1" not in desk.get("/console/accueil").text
    assert desk.post(f"/console/guichet/passages/{first}/recevoir").headers["Location"] == "/console/accueil"
