"""An SMS chosen for who said STOP: said beside the choice, then on the recap, and nothing is blocked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm.contacts import refuse_sms
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
PHONE, NUMBER, OTHER = "06 39 98 00 71", "+33639980071", "06 39 98 00 72"
REFUSED = "ne veut plus de SMS"
NEW, DESK, HELP = "/console/demandes/nouvelle", "/console/guichet/nouvelle", "/console/aides/sms"
TOLD = {
    "object": "Un trou",
    "category": "VOIR-01",
    "insee": "99801",
    "kind": "report",
    "answer_channel": "sms",
}


@pytest.fixture
def who(units: Units) -> int:
    """Reached by mail too; their number said STOP."""
    with units.begin(SYSTEM) as uow:
        made = given.contact(uow, family_name="Sarr", phone=PHONE, email="sarr@exemple.fr")
        refuse_sms(uow, NUMBER, "sms")
        return made


def test_what_happens_instead_is_said_as_soon_as_sms_is_chosen(log_in: Enter, who: int) -> None:
    browser = log_in("advisor")
    said = browser.post(HELP, answer_channel="sms", contact=str(who)).text
    assert (
        REFUSED in said and "La réponse partira par courriel." in said and "Choisissez un autre moyen" in said
    )
    assert browser.post(HELP, answer_channel="email", contact=str(who)).text == ""
    assert REFUSED not in browser.post(HELP, answer_channel="sms", contact=str(who), phone=OTHER).text


def test_a_number_typed_for_nobody_known_is_looked_up_too(log_in: Enter, who: int) -> None:
    browser = log_in("desk_agent")
    assert "sinon le téléphone" in browser.post(HELP, answer_channel="sms", phone=PHONE).text
    by_mail = browser.post(HELP, answer_channel="sms", phone=PHONE, email="autre@exemple.fr").text
    assert "La réponse partira par courriel." in by_mail
    assert browser.post(HELP, answer_channel="sms", phone=OTHER).text.strip() == ""
    assert browser.post(HELP, answer_channel="sms", phone="").text.strip() == ""


def test_another_number_of_theirs_takes_the_sms(log_in: Enter, units: Units, who: int) -> None:
    with units.begin(SYSTEM) as uow:
        two = given.contact(uow, family_name="Deux", phone=OTHER)
    browser = log_in("advisor")
    assert browser.post(f"/console/usagers/{two}/moyens", phone=PHONE).status_code == 303
    said = browser.post(HELP, answer_channel="sms", contact=str(two)).text
    assert "Les SMS partiront à un autre de ses numéros." in said


def test_without_a_script_the_recap_says_it_and_the_demand_is_there(log_in: Enter, who: int) -> None:
    browser = log_in("advisor")
    sent = browser.post(NEW, **{**browser.form(NEW), **TOLD, "channel": "phone", "contact": str(who)})
    assert sent.status_code == 303
    recap = browser.get(sent.headers["Location"]).text
    assert REFUSED in recap and "La réponse partira par courriel." in recap
    heard = browser.post(NEW, **{**browser.form(NEW), **TOLD, "object": "", "contact": str(who)})
    assert heard.status_code == 422 and REFUSED in heard.text


def test_the_counter_says_it_on_its_receipt_page(log_in: Enter, who: int) -> None:
    browser = log_in("desk_agent")
    told = {**TOLD, "any_category": "VOIR-01", "place_text": "devant la poste", "channel": "desk"}
    sent = browser.post(DESK, **{**browser.form(DESK), **told, "family_name": "Sarr", "phone": PHONE})
    assert sent.status_code == 303
    assert REFUSED in browser.get(sent.headers["Location"]).text


def test_the_word_to_give_says_by_which_way_it_goes(
    log_in: Enter, who: int, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, contact_id=who, answer_channel="sms")
    shown = log_in("advisor").get(f"/console/demandes/{reference}").text
    assert "aucun n’y partira. La réponse partira par courriel." in shown
    assert (
        "un autre moyen y remplacera les SMS"
        in log_in("advisor").get(f"/console/usagers/{who}/modifier").text
    )
