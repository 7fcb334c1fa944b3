"""A demand read on a social network: its address is kept, and what was answered there in public is noted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import sqlalchemy as sa
from pydantic import SecretStr

from crm.channels import Arrival, open_receivers
from crm.foundation import SYSTEM, FrozenClock, Sessions, Settings, Units
from crm.foundation.settings import Social
from crm.inbox import store_inbound, understand
from crm.interactions import Interaction
from crm.reactions import REACTIONS
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
    assert "à faire sur le réseau" in browser.get(f"/console/demandes/{reference}").text
    address = f"/console/demandes/{reference}/message/publie"
    assert browser.post(address, published=" ").status_code == 422
    assert browser.post(address, published="Nous passons jeudi.").status_code == 303
    with sessions() as session:
        said = session.scalars(sa.select(Interaction).where(Interaction.body == "Nous passons jeudi.")).one()
    assert (said.channel, said.kind, said.direction, said.state) == (
        "social", "public_reply", "out", "recorded",
    )  # fmt: skip
    page = browser.get(f"/console/demandes/{reference}").text
    assert "à faire sur le réseau" not in page and "le détail ne se dit pas en public" in page
    assert browser.post(address, published="Au 12, jeudi à 9 h.", where="private").status_code == 303
    assert "le détail ne se dit pas en public" not in browser.get(f"/console/demandes/{reference}").text


def test_a_private_message_is_sorted_with_its_link_and_answered_where_it_was_written(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    told = {
        "id": "7", "network": "mastodon", "type": "private", "author": "@zoe@reseau.example", "link": POST,
        "text": "Le lampadaire du 12 rue des Lilas clignote",
    }  # fmt: skip
    receivers = open_receivers(Settings(social=Social(secret=SecretStr("whsec_bmV0d29ya3M="))))
    units = Units(sessions, clock, REACTIONS)
    with units.begin(SYSTEM) as uow:
        arrival = Arrival(external_id="mastodon:7", content=json.dumps(told).encode())
        inbound_id = store_inbound(uow, "social", arrival)
        assert inbound_id is not None
    with units.begin(SYSTEM) as uow:
        understand(uow, receivers, inbound_id)
    browser, address = log_in("advisor"), f"/console/arrivees/{inbound_id}"
    page = browser.get(address).text
    assert "Message privé" in page and f'href="{POST}"' in page and "@zoe@reseau.example" in page
    (seen, *_more) = re.findall(r'name="seen_version" value="(\d+)"', page)
    form = browser.post(f"{address}/demande", seen_version=seen)
    assert f'value="{POST}"' in browser.get(form.location).text, "the form of the demand holds the link"
    done = browser.post(f"{address}/reponse", seen_version=seen, body="Merci, nous regardons.")
    assert done.status_code == 303
    with sessions() as session:
        said = session.scalars(
            sa.select(Interaction).where(Interaction.body == "Merci, nous regardons.")
        ).one()
    assert (said.channel, said.kind, said.state) == ("social", "private_reply", "recorded")
