"""The strip of the call that rings: who it may be, the form in one click, a motive when it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.contacts import ContactPoint
from crm.foundation import SYSTEM, FrozenClock, Sessions, Units
from crm.interactions import CallStep, CallTold, Interaction, PhoneCall, note_call
from crm.staff import Agent
from tests import given
from tests.web.agents import Browser
from tests.web.world import World

LogIn = Callable[[str], Browser]
Ring = Callable[..., int]
_NUMBER = "+33639980055"
_WHOLE = (CallStep.NEW, CallStep.ANSWERED, CallStep.HUNG_UP)


@pytest.fixture
def ring(units: Units, world: World) -> Ring:
    def rings(*steps: CallStep, caller: str = _NUMBER, who: str = "advisor") -> int:
        call_id = 0
        with units.begin(SYSTEM) as uow:
            for number, step in enumerate(steps or (CallStep.NEW,)):
                at, agent_id = uow.now + timedelta(seconds=number * 70), world.ids[who]
                told = CallTold(
                    exchange_id="x1", step=step, at=at, caller=caller, agent_id=agent_id, line="Accueil"
                )
                call_id, _ = note_call(uow, told)
        return call_id

    return rings


def _known(units: Units, *names: str) -> list[int]:
    with units.begin(SYSTEM) as uow:
        reach = {"first_name": "Aïcha", "phone": "06 39 98 00 55"}
        return [given.contact(uow, family_name=name, **reach) for name in names]


def _spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_one_person_is_named_and_the_form_opens_on_them(units: Units, log_in: LogIn, ring: Ring) -> None:
    (person,) = _known(units, "Diallo")
    call_id, karim = ring(), log_in("advisor")
    strip = karim.get(f"/console/appels/{call_id}").text
    assert "Aïcha Diallo" in strip and "06 39 98 00 55" in strip and "Accueil" in strip
    assert f"appel={call_id}&amp;usager={person}" in strip
    page = karim.get("/console/demandes/nouvelle", appel=call_id, usager=person).text
    assert f'name="contact" value="{person}"' in page and f'name="call" value="{call_id}"' in page


def test_nobody_known_the_form_has_the_number(log_in: LogIn, ring: Ring) -> None:
    call_id, karim = ring(), log_in("advisor")
    assert "Numéro inconnu." in karim.get(f"/console/appels/{call_id}").text
    assert 'value="06 39 98 00 55"' in karim.get("/console/demandes/nouvelle", appel=call_id).text


def test_several_people_are_listed_and_none_is_chosen(units: Units, log_in: LogIn, ring: Ring) -> None:
    _known(units, "Diallo", "Martin")
    strip = log_in("advisor").get(f"/console/appels/{ring()}").text
    assert "2 personnes possibles" in strip and "Diallo" in strip and "Martin" in strip
    assert "Autre personne" in strip


def test_a_shared_number_says_so_and_proposes_nobody_by_itself(
    units: Units, sessions: Sessions, log_in: LogIn, ring: Ring
) -> None:
    _known(units, "Résidence des Tilleuls")
    with sessions.begin() as session:
        session.execute(sa.update(ContactPoint).where(ContactPoint.value == _NUMBER).values(is_shared=True))
    strip = log_in("advisor").get(f"/console/appels/{ring()}").text
    assert "numéro partagé" in strip and "Autre personne" in strip


def test_a_hidden_number_proposes_nobody(units: Units, log_in: LogIn, ring: Ring) -> None:
    _known(units, "Diallo")
    strip = log_in("advisor").get(f"/console/appels/{ring(caller='')}").text
    assert "numéro caché" in strip and "Diallo" not in strip


def test_the_call_of_a_colleague_is_not_shown(log_in: LogIn, ring: Ring) -> None:
    call_id = ring(who="supervisor")
    assert log_in("advisor").get(f"/console/appels/{call_id}").status_code == 404
    assert log_in("advisor").post(f"/console/appels/{call_id}/fin", reason="informed").status_code == 404


def test_once_over_it_is_qualified_from_the_strip(sessions: Sessions, log_in: LogIn, ring: Ring) -> None:
    call_id, karim = ring(*_WHOLE), log_in("advisor")
    assert "1 min 10 s" in _spaced(karim.get(f"/console/appels/{call_id}").text)
    answer = karim.post(f"/console/appels/{call_id}/fin", reason="wrong_number", next="/console/rappels")
    assert answer.status_code == 303 and answer.location == "/console/rappels"
    with sessions() as session:
        call = session.get_one(PhoneCall, call_id)
        said = session.get_one(Interaction, call.interaction_id)
    assert (said.reason, said.seconds, said.kind) == ("wrong_number", 70, "call")
    assert "data-done" in karim.get(f"/console/appels/{call_id}").text


def test_a_demand_made_of_the_call_qualifies_it(sessions: Sessions, log_in: LogIn, ring: Ring) -> None:
    call_id, karim = ring(*_WHOLE), log_in("advisor")
    form = karim.form(f"/console/demandes/nouvelle?appel={call_id}")
    told = {"object": "Lampadaire éteint", "category": "ECLA-01", "answer_channel": "none", "anonymous": "y"}
    told |= {"channel": "phone", "kind": "report", "for_whom": "self", "call": str(call_id)}
    told |= {"place_text": "12 rue des Lilas", "commune": given.TOWN}
    answer = karim.post("/console/demandes/nouvelle", **{**form, **told})
    assert answer.status_code == 303, answer.text
    with sessions() as session:
        said = session.get_one(Interaction, session.get_one(PhoneCall, call_id).interaction_id)
    assert (said.kind, said.seconds) == ("opening", 70) and said.case_id


def test_a_call_by_a_relay_service_is_told_apart(sessions: Sessions, log_in: LogIn) -> None:
    answer = log_in("advisor").post("/console/appels/fin", reason="informed", channel="phone_relay")
    assert answer.status_code == 303
    with sessions() as session:
        channel = session.scalar(sa.select(Interaction.channel).where(Interaction.reason == "informed"))
    assert channel == "phone_relay"


def test_the_stream_is_not_promised_where_it_cannot_be_held(log_in: LogIn) -> None:
    assert log_in("advisor").get("/console/appels/direct").status_code == 204


def test_each_agent_says_which_telephone_is_theirs(sessions: Sessions, world: World, log_in: LogIn) -> None:
    karim = log_in("advisor")
    assert "data-calls" not in karim.get("/console/preferences").text
    assert karim.post("/console/preferences/poste", extension="4012").status_code == 303
    assert "data-calls" in karim.get("/console/preferences").text
    for wrong in ("4012", "40 12 ; 13"):
        assert log_in("supervisor").post("/console/preferences/poste", extension=wrong).status_code == 422
    karim.post("/console/preferences/poste", extension="")
    with sessions() as session:
        assert session.get_one(Agent, world.ids["advisor"]).extension is None


def test_late_calls_back_come_first_and_say_how_late(
    units: Units, clock: FrozenClock, log_in: LogIn, ring: Ring
) -> None:
    ring(CallStep.NEW, CallStep.MISSED)
    with units.begin(SYSTEM) as uow:
        for minutes in (30, -90):
            uow.session.execute(
                sa.insert(Interaction).values(
                    direction="out", channel="phone", kind="answer", state="to_call", recipient=_NUMBER,
                    body="C’est fait.", occurred_at=uow.now, created_at=uow.now,
                    promised_at=uow.now + timedelta(minutes=minutes),
                )
            )  # fmt: skip
    page = _spaced(log_in("advisor").get("/console/rappels").text)
    said = [
        page.index(words) for words in ("en retard de 1 heure", "à faire avant 30 minutes", "Appel manqué")
    ]
    assert said == sorted(said)
