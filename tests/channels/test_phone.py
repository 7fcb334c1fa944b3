"""What exchanges write, brought to the terms of the house."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import cast

import pytest
from pydantic import SecretStr

from crm.channels import Arrival, Hook, Nature, Unreadable, open_receivers, sign
from crm.channels.numbers import e164, moment
from crm.foundation import Settings
from crm.foundation.settings import Phone

_NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


def _exchange() -> Hook:
    phone = Phone(secret=SecretStr("partagé"), lines={"0199000000": "Ligne générale"})
    return cast(Hook, open_receivers(Settings(phone=phone))["phone"])


def _arrivals(body: bytes) -> list[Arrival]:
    stamp = str(int(_NOW.timestamp()))
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": stamp,
        "webhook-signature": sign("partagé", "1", stamp, body),
    }
    return list(_exchange().arrivals(headers, body, _NOW))


def _told(**said: object) -> bytes:
    return json.dumps({"call": "a1", "event": "new", "caller": "0639980001", **said}).encode()


def test_a_call_is_understood() -> None:
    (arrival,) = _arrivals(_told(line="0199000000", agent="4012", at="2026-09-15T10:00:00+02:00"))
    told = _exchange().understand(arrival)
    assert (told.nature, told.sender, told.sent_at) == (Nature.CALL, "+33639980001", _NOW)
    assert told.details == {"call": "a1", "event": "new", "line": "Ligne générale", "agent": "4012"}


def test_the_same_thing_told_twice_has_one_name_and_each_telephone_its_own() -> None:
    told = (("1", 1), ("1", 2), ("2", 1))
    names = [_arrivals(_told(agent=agent, at=at))[0].external_id for agent, at in told]
    assert names[0] == names[1] != names[2]


def test_several_calls_in_a_list_are_several_arrivals() -> None:
    body = b"[" + _told() + b"," + _told(call="a2") + b"]"
    assert [one.external_id for one in _arrivals(body)] == ["a1:new:", "a2:new:"]


_STRANGE = (b"", b"\xff", b"[]", b"12", b'"non"', b"[" * 100_000, _told(event="ringing"), _told(call=""))


@pytest.mark.parametrize("body", _STRANGE)
def test_what_is_signed_and_not_understood_is_kept_for_a_person(body: bytes) -> None:
    (arrival,) = _arrivals(body)
    with pytest.raises(Unreadable):
        _exchange().understand(arrival)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("0639980001", "+33639980001"),
        ("06 39 98 00 01", "+33639980001"),
        ("33639980001", "+33639980001"),
        ("+33 (0)6 39 98 00 01", "+33639980001"),
        ("0033639980001", "+33639980001"),
        ("sip:+33639980001@operateur.example", "+33639980001"),
        ("tel:+3222345678", "+3222345678"),
        ("4012", "~4012"),
        ("anonymous", ""),
        ("withheld", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_numbers_as_networks_write_them(said: object, kept: str) -> None:
    assert e164(said) == kept


def test_moments_without_a_zone_are_not_believed() -> None:
    assert moment("2026-09-15T10:00:00") is None
    assert moment(1e300) is None
    assert moment(True) is None
    assert moment(_NOW.timestamp()) == _NOW


def test_without_a_secret_the_exchange_is_not_heard() -> None:
    assert "phone" not in open_receivers(Settings())
