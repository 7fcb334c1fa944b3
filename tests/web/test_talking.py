"""An advisor answers what a usager wrote, in the thread, without closing."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa

from crm.cases import Case, CaseState, NewWay, change_answer_way, write_to_centre
from crm.foundation import RESIDENT, FrozenClock, Sessions, Units
from crm.interactions import Interaction
from crm.reactions import REACTIONS
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]


def _written(world: World, sessions: Sessions, clock: FrozenClock, **told: object) -> str:
    reference = world.case(sessions, clock, **told)
    with Units(sessions, clock, REACTIONS).begin(RESIDENT) as uow:
        write_to_centre(uow, reference, "Faut-il que je sois là ?", key="une-seule-fois")
    return reference


def _exchanges(sessions: Sessions, kind: str) -> list[Interaction]:
    with sessions() as session:
        query = sa.select(Interaction).where(Interaction.kind == kind).order_by(Interaction.id)
        return list(session.scalars(query))


def _waits(sessions: Sessions, reference: str) -> bool:
    with sessions() as session:
        since = sa.select(Case.message_waiting_since).where(Case.reference == reference)
        return session.scalar(since) is not None


def _form(page: str) -> dict[str, str]:
    found = re.findall(r'name="(talk_key|seen_message)" value="([^"]*)"', page)
    return dict(found)


def test_the_message_shows_and_the_answer_leaves_without_closing(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    # given
    reference = _written(world, sessions, clock)
    browser = log_in("advisor")
    waiting = browser.get("/console/messages").text
    assert reference in waiting and "Faut-il que je sois là" in waiting
    page = browser.get(f"/console/demandes/{reference}").text
    assert "L’usager attend une réponse" in page
    # when: sent twice
    for _ in range(2):
        path = f"/console/demandes/{reference}/message"
        assert browser.post(path, talk="Non : personne ne sonne.", **_form(page)).status_code == 303
    # then
    (answer,) = _exchanges(sessions, "reply")
    assert (answer.body, answer.channel, answer.is_public) == ("Non : personne ne sonne.", "web", True)
    (notice,) = _exchanges(sessions, "reply_notice")
    assert notice.channel == "email" and "personne ne sonne" not in notice.body and "/suivi/" in notice.body
    assert not _waits(sessions, reference)
    with sessions() as session:
        state = session.scalar(sa.select(Case.state).where(Case.reference == reference))
    assert state == "assigned"
    assert reference not in browser.get("/console/messages").text


def test_a_byte_that_no_text_holds_breaks_nothing(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = _written(world, sessions, clock)
    browser = log_in("advisor")
    form = _form(browser.get(f"/console/demandes/{reference}").text)
    path = f"/console/demandes/{reference}/message"
    form["talk_key"] = f"{form['talk_key']}\x00"
    assert browser.post(path, talk="Non\x00 : personne.", **form).status_code == 303
    (answer,) = _exchanges(sessions, "reply")
    assert answer.body == "Non : personne."


def test_a_letter_and_a_call_carry_the_words(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = _written(world, sessions, clock, answer_channel="phone")
    browser = log_in("advisor")
    page = browser.get(f"/console/demandes/{reference}").text
    browser.post(f"/console/demandes/{reference}/message", talk="Jeudi matin.", **_form(page))
    (notice,) = _exchanges(sessions, "reply_notice")
    assert (notice.channel, notice.state) == ("phone", "to_call") and "Jeudi matin." in notice.body


def test_a_colleague_who_was_quicker_is_not_answered_over(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = _written(world, sessions, clock)
    first, second = log_in("advisor"), log_in("supervisor")
    path = f"/console/demandes/{reference}"
    seen, also = _form(first.get(path).text), _form(second.get(path).text)
    assert first.post(f"{path}/message", talk="Non.", **seen).status_code == 303
    clash = second.post(f"{path}/message", talk="Oui, soyez là.", **also)
    assert clash.status_code == 409 and "Oui, soyez là." in clash.text
    assert len(_exchanges(sessions, "reply")) == 1


def test_an_empty_answer_is_refused_and_a_thank_you_needs_none(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = _written(world, sessions, clock)
    browser = log_in("advisor")
    path = f"/console/demandes/{reference}/message"
    refused = browser.post(path, talk=" ", **_form(browser.get(path.removesuffix("/message")).text))
    assert refused.status_code == 422 and "Remplissez cette case" in refused.text
    assert browser.post(f"{path}/lu").status_code == 303
    assert not _waits(sessions, reference) and _exchanges(sessions, "reply") == []


def test_the_unit_reads_it_and_leaves_the_answer_to_the_centre(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = _written(world, sessions, clock, category_code="VOIR-01")
    browser = log_in("team_lead")
    page = browser.get(f"/console/demandes/{reference}").text
    assert "Faut-il que je sois là" in page and 'name="talk"' not in page
    path = f"/console/demandes/{reference}/message"
    assert browser.post(path, talk="Oui", seen_message="0", talk_key="k").status_code == 404
    stranger = log_in("neighbour")
    assert stranger.post(path, talk="Oui", seen_message="0", talk_key="k").status_code == 404


def test_the_final_answer_goes_where_the_usager_asked(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, CaseState.RESOLVED)
    with Units(sessions, clock, REACTIONS).begin(RESIDENT) as uow:
        way = NewWay(channel="letter", reach="Aïcha Diallo\n3 rue des Lilas\n99810 Aubreval")
        change_answer_way(uow, reference, way, notice=None)
    browser = log_in("advisor")
    path = f"/console/demandes/{reference}/reponse"
    page = browser.get(path).text
    assert "99810 Aubreval" in page
    seen = re.search(r'name="seen_version" value="(\d+)"', page)
    assert seen
    told = {"channel": "letter", "subject": "Réponse", "body": "C’est fait.", "outcome": "F"}
    assert "n’est pas sur sa fiche" in browser.post(path, **told, seen_version=seen[1]).text
    checked = "Aïcha Diallo\r\n3 rue des Lilas\r\n99810 Aubreval"  # the lines of a form
    assert browser.post(path, **told, seen_version=seen[1], reader_checked=checked).status_code == 303
    (answer,) = _exchanges(sessions, "answer")
    assert answer.recipient.splitlines()[-1] == "99810 Aubreval"
