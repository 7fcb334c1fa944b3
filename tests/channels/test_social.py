"""Mentions and messages of networks, told by a programme: signed, each once, read without believing them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from crm.channels import Arrival, Forged, Nature, Unreadable, open_receivers, sign
from crm.channels.adapters.social import SocialReceiver
from crm.foundation import Settings
from crm.foundation.settings import Social

SECRET = "whsec_bmV0d29ya3M="
NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
OURS = "@rivebois@reseau.example"
# As a programme beside a network tells it.
SAMPLE = {
    "id": "113151", "network": "Mastodon", "type": "mention", "author": "@zoe@reseau.example",
    "author_name": "Zoé Lefèvre", "link": "https://reseau.example/@zoe/113151",
    "text": "@rivebois le lampadaire du 12 rue des Lilas clignote depuis lundi",
    "at": "2026-09-15T09:58:00+02:00",
}  # fmt: skip


def _hook() -> SocialReceiver:
    settings = Settings(social=Social(secret=SecretStr(SECRET), accounts=(OURS,)))
    hook = open_receivers(settings)["social"]
    assert isinstance(hook, SocialReceiver)
    return hook


def _sent(told: Any, secret: str = SECRET) -> list[Arrival]:
    body, stamp = json.dumps(told).encode(), str(int(NOW.timestamp()))
    headers = {
        "Webhook-Id": "w1", "Webhook-Timestamp": stamp, "Webhook-Signature": sign(secret, "w1", stamp, body)
    }  # fmt: skip
    return list(_hook().arrivals(headers, body, NOW))


def test_a_mention_is_read_with_its_author_its_words_and_its_link() -> None:
    (arrival,) = _sent(SAMPLE)
    told = _hook().understand(arrival)
    assert (arrival.external_id, arrival.source) == ("mastodon:113151", "Mastodon")
    assert (told.nature, told.sender, told.sender_name) == (
        Nature.MESSAGE, "@zoe@reseau.example", "Zoé Lefèvre",
    )  # fmt: skip
    assert told.text == SAMPLE["text"]
    assert told.sent_at == datetime(2026, 9, 15, 7, 58, tzinfo=UTC)
    assert told.details == {"network_type": "mention", "link": SAMPLE["link"]}


def test_forged_it_is_refused_before_it_is_read() -> None:
    with pytest.raises(Forged):
        _sent(SAMPLE, secret="another")
    with pytest.raises(Forged):
        _hook().arrivals({}, b"{}", NOW)


def test_told_twice_it_is_one_and_two_networks_may_number_alike() -> None:
    first, again = _sent([SAMPLE, {**SAMPLE, "network": "mastodon"}])
    assert first.external_id == again.external_id
    (elsewhere,) = _sent({**SAMPLE, "network": "Bluesky"})
    assert elsewhere.external_id != first.external_id


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//reseau.example", "https://", "", None, 7,
             "https://reseau.example/" + "x" * 500, "https://[", "https://reseau.example/a b"],
)  # fmt: skip
def test_an_address_that_no_agent_should_press_is_left_out(link: object) -> None:
    (arrival,) = _sent({**SAMPLE, "link": link})
    assert _hook().understand(arrival).details["link"] == ""


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"type": "like"}, "unknown_event"), ({"author": " "}, "no_author"), ({"text": None}, "no_text")],
)
def test_what_cannot_be_read_says_why(wrong: dict[str, object], code: str) -> None:
    (arrival,) = _sent({**SAMPLE, **wrong})
    with pytest.raises(Unreadable) as unread:
        _hook().understand(arrival)
    assert unread.value.reason == code


def test_what_we_publish_ourselves_is_no_demand() -> None:
    (arrival,) = _sent({**SAMPLE, "author": OURS.upper()})
    assert _hook().understand(arrival).nature is Nature.OURS


def test_without_a_secret_there_is_no_hook() -> None:
    assert "social" not in open_receivers(Settings())
