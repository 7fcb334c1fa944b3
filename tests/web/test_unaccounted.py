"""What the house owes an account of: answers taken back, what waits to be sorted, keys that still serve."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.inbox import Inbound
from crm.interactions import CallStep, CallTold, Interaction, PhoneCall, note_call
from crm.reactions import REACTIONS
from crm.staff import ApiAnswer, ApiKey, forget_answers
from tests.channels.mails import mail
from tests.web.agents import Browser
from tests.web.test_inbox import _arrived, _seen
from tests.web.world import World

Enter = Callable[[str], Browser]
_KEYS = "/console/cles"
_NEW_KEY = {"name": "Appli voirie", "scopes": "read", "per_minute": "60", "per_day": "1000"}


def test_an_answer_without_a_demand_is_taken_back_with_its_words(
    held: None, log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    inbound_id = _arrived(sessions, clock, mail("À quelle heure ouvrez-vous ?"))
    karim, address = log_in("advisor"), f"/console/arrivees/{inbound_id}"
    sent = karim.post(f"{address}/reponse", seen_version=_seen(karim.get(address).text), body="À 8 h.")
    assert f"{address}/reponse-reprise" in karim.get(sent.location).text
    back = karim.post(f"{address}/reponse-reprise")
    assert "À 8 h." in back.text and "rien n’est parti" in back.text
    with sessions() as session:
        row = session.get_one(Inbound, inbound_id)
        states = session.scalars(sa.select(Interaction.state).where(Interaction.kind == "information")).all()
    assert (row.outcome, row.interaction_id, list(states)) == ("waiting", None, ["cancelled"])
    karim.post(f"{address}/reponse", seen_version=str(row.version), body="À 9 h.")
    clock.at += timedelta(seconds=16)
    late = karim.post(f"{address}/reponse-reprise")
    assert late.status_code == 303 and "le message est parti" in karim.get(late.location).text
    with sessions() as session:
        assert session.get_one(Inbound, inbound_id).outcome == "information"


def test_the_board_shows_what_waits_to_be_sorted_and_its_red_figure_opens_the_list(
    log_in: Enter, sessions: Sessions, clock: FrozenClock
) -> None:
    late = _arrived(sessions, clock, mail("Un trou rue des Lilas.", Subject="Vieux"))
    clock.at += timedelta(days=4)
    fresh = _arrived(sessions, clock, mail("Un trou quai des Forges.", Subject="Neuf"))
    karim = log_in("supervisor")
    page = karim.get("/console/tableau").text
    figure = re.search(
        r'id="figure-trier" href="([^"]+)" data-figure="2"[^>]*><strong class="due-danger"', page
    )
    assert figure
    listed = karim.get(figure[1]).text
    assert listed.index(f"/arrivees/{late}") < listed.index(f"/arrivees/{fresh}")
    old = karim.get("/console/tableau/messages", canal="email", age="old").text
    assert f"/arrivees/{late}" in old and f"/arrivees/{fresh}" not in old
    assert "figure-trier" not in log_in("team_lead").get("/console/tableau").text


def test_a_key_shows_once_serves_and_ends(log_in: Enter, sessions: Sessions, clock: FrozenClock) -> None:
    admin = log_in("config_admin")
    made = admin.post(_KEYS, **_NEW_KEY)
    found = re.search(r'id="key"[^>]*>([^<]+)<', made.text)
    assert made.status_code == 201 and found and "Jamais" in made.text
    assert found[1] not in admin.get(_KEYS).text
    asked = {"Authorization": f"Bearer {found[1]}"}
    assert admin.client.get("/open311/v2/requests.json", headers=asked).status_code == 200
    with sessions() as session:
        key = session.scalars(sa.select(ApiKey).where(ApiKey.name == "Appli voirie")).one()
    assert key.last_used_at == clock.at and "Jamais" not in admin.get(_KEYS).text
    assert "Retirer cette clé" in admin.get(f"{_KEYS}/{key.id}/fin").text
    admin.post(f"{_KEYS}/{key.id}/fin")
    assert "Retirée" in admin.get(_KEYS).text
    with sessions() as session:
        assert session.get_one(ApiKey, key.id).revoked_at is not None
    assert admin.post(_KEYS, **{**_NEW_KEY, "per_minute": "0"}).status_code == 422
    assert log_in("advisor").get(_KEYS).status_code == 404


def test_what_machines_asked_long_ago_is_forgotten(sessions: Sessions, clock: FrozenClock) -> None:
    units = Units(sessions, clock, REACTIONS)
    with units.begin(SYSTEM) as uow:
        key = ApiKey(name="x", key_hash="x", created_at=uow.now, scopes=["read"], per_minute=1, per_day=1)
        uow.session.add(key)
        uow.session.flush()
        for age in (1, 31):
            at = uow.now - timedelta(days=age)
            uow.session.add(ApiAnswer(api_key_id=key.id, key_hash=str(age), asked_hash="", at=at))
    with units.begin(SYSTEM) as uow:
        assert forget_answers(uow, timedelta(days=30)) == 1


def test_the_short_form_of_a_counter_carries_the_call(
    log_in: Enter, sessions: Sessions, clock: FrozenClock, world: World
) -> None:
    with Units(sessions, clock, REACTIONS).begin(SYSTEM) as uow:
        told = CallTold(
            exchange_id="desk", step=CallStep.ANSWERED, at=uow.now, caller="+33639980077",
            agent_id=world.ids["desk_agent"],
        )  # fmt: skip
        call_id, _agents = note_call(uow, told)
    desk = log_in("desk_agent")
    assert f"guichet/nouvelle?appel={call_id}" in desk.get(f"/console/appels/{call_id}").text
    form = desk.form(f"/console/guichet/nouvelle?appel={call_id}")
    assert (form["call"], form["channel"]) == (str(call_id), "phone")
    typed = {name: form[name] for name in ("draft", "call", "channel")}
    said = {"object": "Trou", "any_category": "VOIR-01", "answer_channel": "none", "commune": "99801"}
    assert desk.post("/console/guichet/nouvelle", **typed, **said).status_code == 303
    with sessions() as session:
        assert session.get_one(PhoneCall, call_id).interaction_id is not None
