"""T01: a call on a French keyboard, without a mouse; every key that writes no text is counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm.cases import spoken
from tests.journeys.azerty import Azerty
from tests.journeys.calls import (
    call_of,
    dangers_of_call,
    facts_of,
    known_usager,
    last_call_without_case,
    surname,
)
from tests.journeys.house import House
from tests.journeys.looking import look, no_fault, settled

Visit = Callable[..., Page]
FOR_A_KNOWN_CALLER, FOR_A_NEW_ONE = 30, 60


@pytest.fixture
def street_light(house: House) -> str:
    """An address in the East of Rivebois, whose street lights a contractor keeps."""
    return house.place("public")


def _object_and_category(hands: Azerty, words: str) -> None:
    hands.type(words)
    hands.page.locator("#categories li").first.wait_for()
    hands.press("Tab")
    hands.digit(1)
    hands.press("Enter")


def _place(hands: Azerty, place: str) -> None:
    assert hands.focus() == "place"
    hands.type(place)
    hands.page.locator("[role=option]").first.wait_for()
    hands.page.locator("#q_mast").wait_for()


def _register(hands: Azerty) -> str:
    settled(hands.page)
    hands.ctrl_enter()
    hands.page.wait_for_url("**/enregistree")
    return hands.page.url.split("/")[-2]


def test_a_known_caller_within_thirty_keys(visit: Visit, house: House, street_light: str) -> None:
    # given: Tuesday 22 December, ten o'clock; Mme Diallo, whom we know, is on the line
    name = surname("Diallo")
    known_usager(house, family_name=name, phone="06 39 98 12 34")
    page = visit("karim")
    hands = Azerty(page)
    assert hands.focus() == "object"
    # when
    _object_and_category(hands, "lampadaire éteint devant chez elle")
    expect(page.locator("#categories input:checked")).to_have_value("ECLA-01")
    _place(hands, street_light)
    hands.tab_until("q_mast")
    hands.type("12-045")
    hands.tab_until("contact")
    hands.type(name)
    page.locator("[role=option]", has_text=name).wait_for()
    hands.press("ArrowDown", "Enter")
    expect(page.locator("#person")).to_contain_text(f"C’est bien Aïcha {name}")
    expect(page.locator("#recap")).to_contain_text("mercredi 30 décembre")
    look(page, "call-known")
    no_fault(page)
    said = re.sub(r"\s+", " ", page.locator("#recap").inner_text())
    box = page.locator("#recap").bounding_box()
    reference = _register(hands)
    # then: the sentence was on the screen, with the unit and a date that skips Christmas and the week-end
    assert box is not None and box["y"] + box["height"] <= 768
    assert "Éclairage public, secteur Est" in said and "mercredi 30 décembre" in said
    assert spoken(reference) in said
    assert len(hands.pressed) <= FOR_A_KNOWN_CALLER, hands.pressed
    case = house.case(reference)
    assert case.answers == {"mast": "12-045"} and case.answer_channel == "phone"
    assert call_of(house, case).seconds is not None
    look(page, "call-registered")
    no_fault(page)


def test_a_new_caller_within_sixty_keys(visit: Visit, house: House, street_light: str) -> None:
    page, mailbox = visit("karim"), f"{uuid4().hex}@usagers.example"
    hands = Azerty(page)
    _object_and_category(hands, "lampadaire éteint devant la boulangerie")
    _place(hands, street_light)
    hands.tab_until("q_mast")
    hands.type("12-046")
    hands.tab_until("contact")
    for field, words in (("first_name", "Zoé"), ("family_name", "O'Brien-Lefèvre"), ("email", mailbox)):
        hands.tab_until(field)
        hands.type(words)
    hands.tab_until("answer_channel")
    hands.letter("c")  # Courriel
    reference = _register(hands)
    assert len(hands.pressed) <= FOR_A_NEW_ONE, hands.pressed
    house.work()
    (mail,) = house.mails(mailbox)
    assert reference in mail and "30 décembre" in mail and house.case(reference).public_token in mail
    assert "boulangerie" not in mail, "a stranger's words are not sent to an address anyone can type"
    assert "01 99 00 00 00" in mail


def test_after_registering_the_number_is_said_and_the_next_demand_keeps_the_person(
    visit: Visit, house: House, street_light: str
) -> None:
    name = surname("Ferrand")
    page = visit("karim")
    hands = Azerty(page)
    _object_and_category(hands, "lampadaire éteint")
    _place(hands, street_light)
    hands.tab_until("q_mast")
    hands.type("12-047")
    hands.tab_until("family_name", 12)
    hands.type(name)
    hands.tab_until("answer_channel")
    page.select_option("#answer_channel", "none")
    first = _register(hands)
    assert hands.focus() == "done"
    expect(page.locator("#done")).to_contain_text("Autre chose")
    # the same person, the same place, the same question already answered
    hands.pressed.clear()
    settled(page)
    hands.press("F8")
    page.wait_for_url("**usager=*")
    expect(page.locator("#person")).to_contain_text(f"C’est bien {name}")
    _object_and_category(hands, "un autre lampadaire éteint")
    hands.press("F4")
    expect(page.locator("#place")).to_have_value(re.compile(street_light.split(",")[0], re.IGNORECASE))
    expect(page.locator("#q_mast")).to_have_value("12-047")
    expect(page.locator("#questions")).to_contain_text("déjà donné le")
    expect(page.locator("#recap")).to_contain_text("Éclairage public, secteur Est")
    look(page, "call-next")
    second = _register(hands)
    assert len(hands.pressed) <= 8, hands.pressed
    assert house.case(second).contact_id == house.case(first).contact_id
    assert house.case(second).address_id == house.case(first).address_id


def test_letters_typed_after_registering_begin_the_next_demand(visit: Visit) -> None:
    page = visit("karim")
    hands = Azerty(page)
    _object_and_category(hands, "nid de poule")
    page.select_option("#answer_channel", "none")
    _register(hands)
    assert hands.focus() == "done"
    hands.type("tag sur un mur")
    expect(page.locator("#object")).to_have_value("tag sur un mur")


def test_a_danger_is_heard_at_once_and_what_was_said_is_kept(visit: Visit, house: House) -> None:
    page = visit("karim")
    hands = Azerty(page)
    top = page.locator("#object").bounding_box()
    hands.type("ça sent le gaz")
    expect(page.locator("#danger-zone [data-danger=GAZ]")).to_be_visible()
    assert page.locator("#object").bounding_box() == top, "nothing moves under what is being typed"
    hands.press("F9")
    expect(page.locator("[name=danger_said]")).to_be_checked()
    hands.type(" rue des Lilas")
    look(page, "call-danger")
    no_fault(page)
    expect(page.locator("[name=danger_said]")).to_be_checked()
    page.select_option("#answer_channel", "none")
    case = house.case(_register(hands))
    (said,) = facts_of(house, case, "case.danger_said")
    assert said.data["danger"] == "GAZ" and said.actor_id is not None
    assert case.priority == 1
    page.goto(f"/console/demandes/{case.reference}")
    expect(page.locator(".timeline")).to_contain_text("Consigne de danger dite et vérifiée")


def test_registering_without_saying_it_is_allowed_and_remembered(visit: Visit, house: House) -> None:
    page = visit("karim")
    hands = Azerty(page)
    hands.type("fils électriques au sol")
    page.locator("#danger-zone [data-danger=ELEC]").wait_for()
    page.select_option("#answer_channel", "none")
    case = house.case(_register(hands))
    assert facts_of(house, case, "case.danger_said") == []
    (unsaid,) = facts_of(house, case, "case.danger_unsaid")
    assert unsaid.data == {"danger": "ELEC"}


def test_a_call_without_a_demand_ends_in_two_keys(visit: Visit, house: House) -> None:
    page = visit("karim")
    hands = Azerty(page)
    hands.type("ça sent le gaz, elle raccroche")
    page.locator("#danger-zone [data-danger=GAZ]").wait_for()
    hands.press("F9")
    hands.pressed.clear()
    hands.ctrl_enter(shift=True)
    look(page, "call-ending")
    no_fault(page)
    settled(page)
    hands.digit(5)
    page.wait_for_url("**/demandes/nouvelle")
    expect(page.locator("main")).to_contain_text("Appel terminé sans demande")
    assert hands.pressed == ["Ctrl+Maj+Entrée", "5"]
    call = last_call_without_case(house)
    assert (call.reason, call.body) == ("cut_off", "ça sent le gaz, elle raccroche")
    told = dangers_of_call(house, call)
    assert told["dangers_said"] == ["GAZ"] and told["dangers_unsaid"] == []
    assert hands.focus() == "object"


def test_an_answer_may_stop_the_demand_and_the_agent_may_go_on(visit: Visit, house: House) -> None:
    page = visit("karim")
    hands = Azerty(page)
    hands.type("toute la rue est dans le noir")
    page.locator("#categories li").first.wait_for()
    page.locator("#categories input[value='ECLA-02']").check(force=True)
    page.locator("#q_homes_cut").wait_for()
    page.select_option("#q_homes_cut", "yes")
    expect(page.locator("#stop-zone")).to_contain_text("Enedis")
    expect(page.locator("#recap")).to_contain_text("09 72 67 50")
    look(page, "call-stop")
    no_fault(page)
    page.select_option("#answer_channel", "none")
    page.locator("#object").focus()
    hands.ctrl_enter()
    expect(page.locator(".error-summary")).to_contain_text("pourquoi")
    page.fill("#off_script", "Enedis dit que son réseau va bien")
    case = house.case(_register(hands))
    page.goto(f"/console/demandes/{case.reference}")
    expect(page.locator(".timeline")).to_contain_text("Enedis dit que son réseau va bien")


def test_a_demand_known_nearby_is_reached_by_tab_and_joined_by_one_key(
    visit: Visit, house: House, street_light: str
) -> None:
    # given: the neighbour called about it this morning
    page = visit("karim")
    hands = Azerty(page)
    _object_and_category(hands, "lampadaire éteint devant le numéro")
    _place(hands, street_light)
    hands.press("Tab")
    page.select_option("#answer_channel", "none")
    _register(hands)
    hands.type("lampadaire éteint")
    page.locator("#categories li").first.wait_for()
    hands.press("Tab")
    hands.digit(1)
    hands.press("Enter")
    _place(hands, street_light)
    hands.press("Tab")
    assert hands.focus() == "hint"
    page.locator("#nearby [data-attach]").first.wait_for()
    # when
    hands.press("Tab")
    assert page.evaluate("document.activeElement.closest('#nearby') !== null")
    look(page, "call-nearby")
    no_fault(page)
    settled(page)
    hands.letter("r")
    # then: the known demand is named, and who calls is asked for
    expect(page.locator("main")).to_contain_text("Vous rattachez cette personne à la demande")


def test_for_somebody_else_the_answer_goes_to_who_asks(visit: Visit, house: House) -> None:
    page, name = visit("karim"), surname("Kone")
    hands = Azerty(page)
    _object_and_category(hands, "nid de poule")
    page.fill("#family_name", name)
    page.fill("#phone", "06 39 98 55 01")
    page.select_option("#for_whom", "beneficiary")
    page.fill("#other_name", f"Fatou {name}-Mère")
    look(page, "call-for-somebody")
    no_fault(page)
    case = house.case(_register(hands))
    page.goto(f"/console/demandes/{case.reference}")
    expect(page.locator("aside.side")).to_contain_text(f"Fatou {name}-Mère")
    look(page, "case-for-somebody")


def test_the_call_fits_a_narrow_screen(visit: Visit, house: House, street_light: str) -> None:
    page = visit("karim")
    page.set_viewport_size({"width": 320, "height": 640})
    hands = Azerty(page)
    _object_and_category(hands, "lampadaire éteint, ça sent le gaz")
    _place(hands, street_light)
    hands.press("Tab")
    room = page.locator(".aloud").evaluate("(sentence) => sentence.offsetHeight")
    expect(page.locator("#recap")).to_contain_text("Je transmets")
    assert page.evaluate("recap.compareDocumentPosition(document.querySelector('.actions-end')) & 4") == 4
    assert page.locator(".aloud").evaluate("(sentence) => sentence.offsetHeight") == room, "it pushes nothing"
    look(page, "call-narrow", whole=True)
    no_fault(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
