"""« Programmes abonnés »: an administrator says who is told, sees whether they heard, and sends again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crm.foundation import SYSTEM, Delivery, EventRow, FrozenClock, Sessions, Units
from crm.reactions import REACTIONS
from crm.webhooks import Sending, Subscription, prepare_sendings, secret_of
from tests.web.agents import Browser
from tests.web.world import World

_ADDRESS = "/console/abonnements"
_GIVEN = {
    "name": "Logiciel des travaux",
    "url": "https://travaux.example/crm",
    "kinds": "case.opened",
    "is_active": "1",
}
LogIn = Callable[[str], Browser]


@pytest.fixture
def subscription(log_in: LogIn, sessions: Sessions) -> int:
    log_in("config_admin").post(_ADDRESS, **_GIVEN)
    with sessions() as session:
        return session.scalars(sa.select(Subscription.id)).one()


def test_the_secret_shows_once_and_is_not_kept(log_in: LogIn, sessions: Sessions) -> None:
    browser = log_in("config_admin")
    made = browser.post(_ADDRESS, **_GIVEN)
    found = re.search(r"whsec_[\w+/=]+", made.text)
    assert made.status_code == 201 and found
    with sessions() as session:
        row = session.scalars(sa.select(Subscription)).one()
    assert secret_of("not a secret: a test", row.salt) == found[0]
    assert found[0] not in " ".join(str(value) for value in vars(row).values())
    assert "whsec_" not in browser.get(_ADDRESS).text
    renewed = browser.post(f"{_ADDRESS}/{row.id}/secret")
    assert "whsec_" in renewed.text and found[0] not in renewed.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"url": "http://travaux.example/crm"}, "https://"),
        ({"url": "https://moi:secret@travaux.example"}, "https://"),
        ({"name": " "}, "Remplissez"),
        ({"kinds": "case.rien"}, "Remplissez"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    log_in: LogIn, changed: dict[str, str], told: str
) -> None:
    answer = log_in("config_admin").post(_ADDRESS, **{**_GIVEN, **changed})
    assert answer.status_code == 422 and told in answer.text
    assert changed.get("url", _GIVEN["url"]) in answer.text


def test_a_subscription_is_changed_and_stopped(log_in: LogIn, subscription: int, sessions: Sessions) -> None:
    browser = log_in("supervisor")
    there = f"{_ADDRESS}/{subscription}"
    stopped = {**_GIVEN, "name": "Autre nom", "version": "1"}
    del stopped["is_active"]
    assert browser.post(there, **stopped).status_code == 303
    assert browser.post(there, **stopped).status_code == 409
    with sessions() as session:
        row = session.scalars(sa.select(Subscription)).one()
        assert (row.name, row.is_active) == ("Autre nom", False)


def test_what_was_told_is_listed_and_sent_again(
    log_in: LogIn, world: World, subscription: int, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock)
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        opened = sa.select(EventRow).where(EventRow.kind == "case.opened").order_by(EventRow.id.desc())
        fact = uow.session.scalars(opened.limit(1)).one()
        prepare_sendings(uow, fact.id, kind=fact.kind, case_id=fact.subject_id, data={}, at=uow.now)
    browser = log_in("config_admin")
    there = f"{_ADDRESS}/{subscription}"
    assert reference in browser.get(there).text and "En attente" in browser.get(there).text
    with sessions() as session:
        row = session.scalars(sa.select(Sending)).one()
    assert browser.post(f"{_ADDRESS}/envois/{row.id}").status_code == 303
    with sessions() as session:
        due = sa.select(Delivery.done_at).where(Delivery.job == "tell_subscribers").order_by(Delivery.id)
        assert [done is None for done in session.scalars(due)] == [False, True]


@pytest.mark.parametrize("who", ["advisor", "desk_agent", "team_lead", "field_agent"])
def test_others_do_not_even_see_that_it_exists(log_in: LogIn, who: str) -> None:
    assert log_in(who).get(_ADDRESS).status_code == 404
