"""The answer goes to who asked: in full on screen, and confirmed when something makes one doubt it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.cases import Case, CaseState, ContactRole, keep_others
from crm.contacts.models import Contact
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]


@pytest.fixture
def reference(world: World, sessions: Sessions, clock: FrozenClock) -> str:
    return world.case(sessions, clock, CaseState.RESOLVED)


def _for_somebody_else(sessions: Sessions, clock: FrozenClock) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        fatou = given.contact(uow, first_name="Fatou", email="fatou@exemple.fr")
        case_id = uow.session.scalars(sa.select(Case.id)).one()
        keep_others(uow.session, case_id, [(fatou, ContactRole.BENEFICIARY)])


def _elsewhere(sessions: Sessions, clock: FrozenClock) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Case).values(answer_to="autre@exemple.fr"))


def _another_language(sessions: Sessions, clock: FrozenClock) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        uow.session.execute(sa.update(Contact).values(language="en"))


def _send(browser: Browser, sessions: Sessions, reference: str, **more: str) -> tuple[int, str]:
    with sessions() as session:
        seen = session.scalars(sa.select(Case.version)).one()
    form = {"seen_version": str(seen), "outcome": "F", "channel": "email", "subject": "Réponse"}
    form |= {"body": "C’est réparé.", **more}
    answer = browser.post(f"/console/demandes/{reference}/reponse", **form)
    return answer.status_code, answer.text


def _ticked(page: str) -> dict[str, str]:
    """What the box posts when it is ticked; it was not yet."""
    box = re.search(r'name="reader_checked" id="reader_checked" value="([^"]+)">?( checked)?', page)
    assert box and not box[2]
    return {"reader_checked": box[1]}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_for_somebody_else, "La demande concerne Fatou"),
        (_elsewhere, "n’est pas sur sa fiche"),
        (_another_language, "lit l’anglais"),
    ],
)
def test_a_doubt_is_said_and_confirmed_and_nothing_typed_is_lost(
    log_in: Enter,
    sessions: Sessions,
    clock: FrozenClock,
    reference: str,
    make: Callable[..., None],
    said: str,
) -> None:
    make(sessions, clock)
    advisor = log_in("advisor")
    assert said in advisor.get(f"/console/demandes/{reference}/reponse").text
    status, page = _send(advisor, sessions, reference)
    assert status == 422 and said in page and "C’est réparé." in page and "cochez cette case" in page
    assert _send(advisor, sessions, reference, **_ticked(page))[0] == 303


def test_the_box_ticked_for_one_reader_says_nothing_of_another(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, reference: str
) -> None:
    _another_language(sessions, clock)
    advisor = log_in("advisor")
    ticked = _ticked(advisor.get(f"/console/demandes/{reference}/reponse").text)
    status, page = _send(advisor, sessions, reference, channel="sms", **ticked)
    assert status == 422 and _ticked(page) == {"reader_checked": "+33639980001"}
    told = {"channel": "sms", "channel_motive": "Sa boîte est pleine", **_ticked(page)}
    assert _send(advisor, sessions, reference, **told)[0] == 303


def test_without_a_doubt_nothing_is_asked(log_in: Enter, sessions: Sessions, reference: str) -> None:
    advisor = log_in("advisor")
    page = advisor.get(f"/console/demandes/{reference}/reponse").text
    assert "aicha.diallo@exemple.fr" in page and "À qui part ce message" not in page
    assert _send(advisor, sessions, reference)[0] == 303
