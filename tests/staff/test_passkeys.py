"""A key that a device keeps: it lets in once for each question, here alone, and a copy is found out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.foundation import RESIDENT, SYSTEM, FrozenClock, Units
from crm.staff import LoggedIn
from crm.staff.factors import Site, add_key, ask_for_key, offer_key, prove_by_key
from tests.staff.half_way import EMAIL, SITE, account, half_way
from tests.staff.organizations import two_organizations
from tests.staff.soft_key import SoftKey


@pytest.fixture
def agent_id(units: Units) -> int:
    with units.begin(SYSTEM) as uow:
        two_organizations(uow)
        return account(uow, EMAIL)


@pytest.fixture
def key(units: Units, agent_id: int) -> SoftKey:
    """Inès made a passkey at the door."""
    made, who = SoftKey(SITE.origin), half_way(units)
    with units.begin(RESIDENT) as uow:
        options = offer_key(uow, SITE, halfway=who)
        codes = add_key(uow, SITE, "Mon ordinateur", made.create(options), halfway=who)
        assert codes is not None and len(codes) == 10
    return made


def _show(units: Units, key: SoftKey, *, site: Site = SITE) -> LoggedIn | None:
    who = half_way(units)
    with units.begin(RESIDENT) as uow:
        options = ask_for_key(uow, site, who)
    with units.begin(RESIDENT) as uow:
        return prove_by_key(uow, SITE, who, key.get(options))


def test_a_passkey_lets_in_and_its_answer_serves_once(units: Units, key: SoftKey) -> None:
    who = half_way(units)
    with units.begin(RESIDENT) as uow:
        answer = key.get(ask_for_key(uow, SITE, who))
    for expected in (True, False):
        with units.begin(RESIDENT) as uow:
            assert (prove_by_key(uow, SITE, who, answer) is not None) is expected
    assert _show(units, key) is not None


def test_a_question_answered_wrong_makes_no_key_afterwards(units: Units, agent_id: int) -> None:
    who, made = half_way(units), SoftKey(SITE.origin)
    with units.begin(RESIDENT) as uow:
        options = offer_key(uow, SITE, halfway=who)
    for answer in ("{}", made.create(options)):
        with units.begin(RESIDENT) as uow:
            assert add_key(uow, SITE, "à moi", answer, halfway=who) is None


def test_a_copied_passkey_is_found_out_by_its_counter(units: Units, key: SoftKey) -> None:
    assert _show(units, key) is not None and _show(units, key) is not None
    key.count = 0  # a copy made before
    assert _show(units, key) is None


def test_another_site_another_key_or_nobody_at_the_device_let_nobody_in(
    units: Units, key: SoftKey, clock: FrozenClock
) -> None:
    phishing = Site("crm.example.phish.example", "https://crm.example.phish.example", "Rivebois")
    assert _show(units, key, site=phishing) is None
    assert _show(units, SoftKey(SITE.origin)) is None, "the same name, another private key"
    key.origin = phishing.origin
    assert _show(units, key) is None
    key.origin, key._flags = SITE.origin, 0x01  # touched, by whom is not known
    assert _show(units, key) is None
    who = half_way(units)
    for nonsense in ("", "{}", "null", '{"rawId": 3}', '{"rawId": "é"}', "[" * 2000, '{"rawId": "YSBrZXk"}'):
        with units.begin(RESIDENT) as uow:
            ask_for_key(uow, SITE, who)
            assert prove_by_key(uow, SITE, who, nonsense) is None
        clock.at += timedelta(minutes=16)


def test_a_late_answer_is_refused(units: Units, key: SoftKey, clock: FrozenClock) -> None:
    who = half_way(units)
    with units.begin(RESIDENT) as uow:
        options = ask_for_key(uow, SITE, who)
    clock.at += timedelta(minutes=6)
    with units.begin(RESIDENT) as uow:
        assert prove_by_key(uow, SITE, who, key.get(options)) is None
