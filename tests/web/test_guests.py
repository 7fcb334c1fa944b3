"""The door of people outside: one extract, one answer, and the same page for all that opens nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from crm.attachments import Checked, Giving, attach_files, check_file, files_of_case, stage_file
from crm.cases import CaseState, one_case
from crm.cases.orders import NewOrder, ask_order, one_order
from crm.foundation import SYSTEM, EventRow, FrozenClock, Sessions, Units
from crm.foundation.settings import Files
from crm.guests import ask_opinion, draw_key, one_link, revoke_link, send_work
from crm.guests.models import GuestLink
from crm.staff import Unit
from tests.attachments import pictures
from tests.guests.outside import asking
from tests.portal.resident import form_with
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
ANSWER = {"answer": "given", "text": "Oui, c’est la nôtre.", "name": "N. Ferrand, ingénieure"}


@pytest.fixture
def link(
    world: World, sessions: Sessions, clock: FrozenClock, units: Units
) -> Callable[..., tuple[int, str]]:
    """An opinion asked about a case of Aïcha Diallo; its id and its address."""

    def make(**told: Any) -> tuple[int, str]:
        reference = world.case(sessions, clock, CaseState.IN_PROGRESS)
        with units.begin(SYSTEM) as uow:
            link_id = ask_opinion(uow, reference, asking(uow, **told))
            return link_id, f"/invite/{draw_key(uow, link_id)}"

    return make


def _row(sessions: Sessions, link_id: int) -> GuestLink:
    with sessions() as session:
        return session.get_one(GuestLink, link_id)


def _reference(sessions: Sessions, link_id: int) -> str:
    with sessions() as session:
        return one_link(session, link_id).case.reference


def _told(browser: Browser, address: str) -> str:
    """The page of what opens nothing, but for the address that was asked."""
    page = browser.get(address)
    assert page.status_code == 404 and "ne s’ouvre pas" in page.text
    return page.text.replace(address, "")


def test_the_extract_and_nothing_else(
    link: Callable[..., tuple[int, str]], stranger: Browser, sessions: Sessions
) -> None:
    link_id, address = link()
    page = stranger.get(address)
    assert page.status_code == 200
    for shown in ("Est-ce votre conduite ?", "L’eau affleure", "rue des Lilas", "Nid-de-poule"):
        assert shown in page.text
    for hidden in (
        "Diallo",
        "06 39 98 00 01",
        "aicha",
        _reference(sessions, link_id),
        "Un trou dans la chaussée",
    ):
        assert hidden not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers


def test_looking_does_nothing_and_is_noted_each_time(
    link: Callable[..., tuple[int, str]], stranger: Browser, sessions: Sessions
) -> None:
    link_id, address = link()
    for _ in range(2):  # the recipient; then the colleague they forwarded it to, or a mail scanner
        assert stranger.get(address).status_code == 200
    row = _row(sessions, link_id)
    assert (row.seen_count, row.answer, row.ended_at) == (2, None, None)
    with sessions() as session:
        seen = sa.select(sa.func.count()).where(EventRow.kind == "guest.seen", EventRow.subject_id == link_id)
        assert session.scalar(seen) == 2


def test_answered_it_opens_nothing_more(
    link: Callable[..., tuple[int, str]], stranger: Browser, log_in: Enter, sessions: Sessions
) -> None:
    link_id, address = link()
    sent = stranger.client.post(address, data=ANSWER)
    assert (sent.status_code, sent.location) == (303, "/invite/merci")
    assert "votre réponse est arrivée" in stranger.get("/invite/merci").text
    # then: reused, it is the page of a link that never was
    assert _told(stranger, address) == _told(stranger, "/invite/" + "x" * 43)
    again = stranger.client.post(address, data=ANSWER)
    assert again.status_code == 404 and "ne s’ouvre pas" in again.text
    case = log_in("advisor").get(f"/console/demandes/{_reference(sessions, link_id)}")
    assert "Avis reçu de l’extérieur" in case.text and "Oui, c’est la nôtre." in case.text
    assert "Une personne extérieure, par son lien" in case.text


def test_withdrawn_unknown_and_cut_off_are_the_same_page(
    link: Callable[..., tuple[int, str]], stranger: Browser, units: Units, sessions: Sessions
) -> None:
    link_id, address = link()
    with units.begin(SYSTEM) as uow:
        revoke_link(uow, _reference(sessions, link_id), link_id)
    assert len({_told(stranger, one) for one in (address, "/invite/" + "y" * 43, address[:-5])}) == 1
    assert stranger.client.post(address, data=ANSWER).status_code == 404


def test_too_old_it_says_so_and_whom_to_call(
    link: Callable[..., tuple[int, str]], stranger: Browser, clock: FrozenClock
) -> None:
    link_id, address = link()
    clock.at += timedelta(days=30)
    page = stranger.get(address)
    assert page.status_code == 410
    assert "trop ancien" in page.text and f"n° {link_id}" in page.text.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert "conduite" not in page.text, "nothing of the case"
    assert stranger.client.post(address, data=ANSWER).status_code == 410


def test_a_link_leads_to_no_other_case_and_no_other_file(
    link: Callable[..., tuple[int, str]], stranger: Browser, sessions: Sessions
) -> None:
    (_mine, address), (theirs, other) = link(), link()
    reference = _reference(sessions, theirs)
    key = other.rpartition("/")[2]
    for leak in (
        f"{address}/{theirs}", f"{address}/fichiers/{key}", f"{address}/fichiers/{'a' * 32}/apercu",
        f"/invite/{theirs}", f"/invite/{reference}", f"{address}/{reference}", "/invite/", "/invite",
    ):  # fmt: skip
        assert stranger.get(leak).status_code == 404, leak
    assert stranger.get(f"/console/demandes/{reference}").status_code == 302, "the agents' door"


def test_a_photo_is_shown_only_when_it_was_ticked(
    world: World, sessions: Sessions, clock: FrozenClock, units: Units, stranger: Browser
) -> None:
    reference = world.case(sessions, clock, CaseState.IN_PROGRESS)
    with units.begin(SYSTEM) as uow:
        case = one_case(uow.session, SYSTEM, reference)
        tokens = [stage_file(uow, case, _picture(name)) for name in ("fuite.jpg", "façade.jpg")]
        attach_files(uow, case, case.id, tokens, Giving(from_usager=True))
        link_id = ask_opinion(uow, reference, asking(uow, files=(tokens[0],)))
        address = f"/invite/{draw_key(uow, link_id)}"
    shown = stranger.get(address).text
    assert tokens[0] in shown and tokens[1] not in shown
    small = stranger.get(f"{address}/fichiers/{tokens[0]}/apercu")
    assert (small.status_code, small.mimetype) == (200, "image/jpeg")
    for kind in ("", "/apercu"):
        assert stranger.get(f"{address}/fichiers/{tokens[1]}{kind}").status_code == 404


def _picture(name: str) -> Checked:
    held = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(held, "JPEG")
    return check_file(BytesIO(held.getvalue() + name.encode()), name, Files())


def test_a_contractor_sends_the_photo_of_its_order(
    world: World, sessions: Sessions, clock: FrozenClock, units: Units, stranger: Browser
) -> None:
    lamp, roads = world.case(sessions, clock, category_code="ECLA-01"), world.services["voirie"]
    with units.begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Unit).where(Unit.id == roads).values(operation="contractor"))
        ask_order(uow, world.book, lamp, NewOrder(key="k" * 24, unit_id=roads, work="Ouvrir la fouille."))
        order = one_order(uow.session, SYSTEM, lamp, 1)
        address = f"/invite/{draw_key(uow, send_work(uow, lamp, asking(uow, order_id=order.id)))}"
    photo = (BytesIO(pictures.photo()), "fouille.jpg")
    told = {"answer": "done", "name": "Routes du Pic", "text": "Fouille ouverte.", "files": photo}
    assert stranger.post(address, **told).status_code == 303
    with sessions() as session:
        (kept,) = files_of_case(session, order.case_id)
        assert (kept.evidence, one_order(session, SYSTEM, lamp, 1).state) == ("after", "done")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    link: Callable[..., tuple[int, str]], stranger: Browser
) -> None:
    _id, address = link()
    page = stranger.client.post(address, data={**ANSWER, "name": " "})
    assert page.status_code == 422
    form = form_with(page, "text")
    assert form.fields["text"] == ANSWER["text"] and 'aria-invalid="true"' in page.text
    assert re.search(r'href="#name">Votre nom et votre fonction\W+Remplissez', page.text)
    assert stranger.client.post(address, data={"name": "N. F."}).status_code == 422


def test_words_come_back_as_words(
    link: Callable[..., tuple[int, str]], stranger: Browser, log_in: Enter, sessions: Sessions
) -> None:
    link_id, address = link(question="<b>Laquelle</b> ?")
    assert "<b>Laquelle" not in stranger.get(address).text
    stranger.client.post(address, data={**ANSWER, "text": "<script>alert(1)</script>"})
    page = log_in("advisor").get(f"/console/demandes/{_reference(sessions, link_id)}/exterieur")
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text


def test_who_tries_too_often_waits(stranger: Browser) -> None:
    tried = [stranger.get(f"/invite/{number:043d}").status_code for number in range(61)]
    assert tried[:60] == [404] * 60 and tried[60] == 429
