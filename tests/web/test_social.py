"""A demand read on a social network: its address is kept, and what was answered there in public is noted."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa

from crm.foundation import FrozenClock, Sessions
from crm.interactions import Interaction
from tests.web.agents import Browser
from tests.web.world import World

Enter = Callable[[str], Browser]
POST = "https://reseau.example/p/1"


def test_the_address_of_the_post_stands_in_the_timeline(log_in: Enter) -> None:
    browser = log_in("advisor")
    hidden = re.findall(
        r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"',
        browser.get("/console/demandes/nouvelle").text,
    )
    typed = dict(hidden) | {
        "object": "Un trou", "category": "VOIR-01", "channel": "social", "answer_channel": "none",
        "kind": "report", "for_whom": "self", "place_text": "rue des Lilas",
    }  # fmt: skip
    refused = browser.post("/console/demandes/nouvelle", **typed, post_link="javascript:alert(1)")
    assert refused.status_code == 422
    done = browser.post("/console/demandes/nouvelle", **typed, post_link=POST)
    assert done.status_code == 303
    reference = done.location.split("/")[-2]
    assert POST in browser.get(f"/console/demandes/{reference}").text


def test_what_was_answered_in_public_is_noted_and_sent_nowhere(
    log_in: Enter, world: World, sessions: Sessions, clock: FrozenClock
) -> None:
    reference = world.case(sessions, clock, channel="social")
    browser = log_in("advisor")
    assert "Noter une réponse publique" in browser.get(f"/console/demandes/{reference}").text
    address = f"/console/demandes/{reference}/message/publie"
    assert browser.post(address, published=" ").status_code == 422
    assert browser.post(address, published="Nous passons jeudi.").status_code == 303
    with sessions() as session:
        said = session.scalars(sa.select(Interaction).where(Interaction.body == "Nous passons jeudi.")).one()
    assert (said.channel, said.direction, said.state) == ("social", "out", "recorded")
