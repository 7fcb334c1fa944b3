"""The screens that hang on something that exists, and each role's own: accessible, in a narrow window."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

from crm.cases import CaseState, start_lot
from crm.cases.orders import NewOrder, ask_order
from crm.cases.rounds import NewRound, make_round
from crm.foundation import PARIS, SYSTEM, Actor, UnitOfWork
from crm.promises import add_calendar
from crm.routing import CompetenceRule, start_draft
from crm.staff import Agent, ApiKey, create_api_key
from tests import given
from tests.journeys.house import House
from tests.journeys.test_every_screen import faults_of

Visit = Callable[..., Page]
SCREENS = {
    "yann": (
        "/console/administration/competences/{draft}",
        "/console/administration/competences/{draft}?sujet=ECLA&commune=99007",
        "/console/administration/competences/{draft}/regles/{rule}",
        "/console/administration/competences/{draft}/a-corriger",
        "/console/administration/competences/{draft}/changements",
        "/console/administration/competences/{draft}/historique",
        "/console/administration/competences/{draft}/publication",
        "/console/administration/competences/{draft}/simulations",
        "/console/administration/competences/apprentissage",
        "/console/administration/competences/qualite/{rule}",
        "/console/administration/categories/ECLA-03/questions/nouvelle",
        "/console/administration/elements/nouveau",
        "/console/administration/services/nouveau",
        "/console/administration/calendriers/{calendar}",
        "/console/abonnements",
        "/console/cles",
        "/console/cles/{key}/fin",
        "/console/actions",
    ),
    "helene": (
        "/console/tableau/demandes",
        "/console/tableau/accuses",
        "/console/tableau/rappels",
        "/console/tableau/appels",
        "/console/accuses",
        "/console/incidents",
        "/console/demandes/{reference}/rattachement",
        "/console/demandes/{reference}/enregistree",
        "/console/demandes/{reference}/personnes",
        "/console/demandes/{reference}/suivie",
        "/console/a-qualifier",
    ),
    "samira": (
        "/console/files/a-traiter",
        "/console/files/par/secteur",
        "/console/files/lots",
        "/console/files/lots/{lot}",
        "/console/demandes/{reference}",
        "/console/demandes/{reference}/interventions",
        "/console/demandes/{reference}/competence",
        "/console/interventions",
        "/console/interventions/{reference}/1",
        "/console/tournees",
        "/console/tournees/{round}",
        "/console/tournees/nouvelle?case={reference}",
        "/console/tableau",
    ),
    "diego": (
        "/console/terrain",
        "/console/terrain/{reference}",
        "/console/terrain/tournees/{round}",
        "/console/tournees",
        "/console/interventions",
        "/console/demandes/{reference}",
        "/console/files/urgentes",
    ),
    "nadege": (
        "/console/accueil",
        "/console/guichet/nouvelle",
        "/console/demandes/nouvelle",
        "/console/demandes/{reference}",
        "/console/liste-maire",
        "/console/rappels",
        "/console/files/toutes",
        "/console/brouillons",
    ),
}


@pytest.fixture(scope="module")
def known(shared_house: House) -> dict[str, str]:
    """A lamp with an order and a round; a lot of the team's lead; a draft of the rules."""
    wired, book = shared_house.wired, shared_house.wired.rulebooks.current()
    with wired.units.begin(SYSTEM) as uow:
        spot = given.place("99001", sector_code="99001-EST", lon=3.9, lat=43.6)
        told = {"category_code": "ECLA-01", "place": spot, "contact_id": given.contact(uow)}
        reference = given.open_case(uow, book, CaseState.ASSIGNED, **told)
    unit_id = shared_house.case(reference).unit_id
    assert unit_id is not None
    with wired.units.begin(SYSTEM) as uow:
        ask_order(uow, book, reference, NewOrder(key=uuid4().hex, unit_id=unit_id, work="Changer la lampe."))
        today = uow.now.astimezone(PARIS).date()
        going = make_round(uow, NewRound(unit_id=unit_id, day=today, stops=[(reference, None)])).id
        draft = start_draft(uow)
        mine = sa.select(CompetenceRule.number).where(CompetenceRule.table_id == draft)
        rule = uow.session.scalar(mine.order_by(CompetenceRule.position).limit(1))
        lead = uow.session.scalar(sa.select(Agent.id).where(Agent.email.startswith("samira.")))
    may = frozenset({"team_lead"})
    samira = Actor(kind="agent", id=lead, roles=may, unit_ids=frozenset({unit_id}))
    with wired.units.begin(samira) as uow:
        lot = start_lot(uow, "accept", {}, [reference])
    names: dict[str, object] = {
        "reference": reference,
        "lot": lot,
        "round": going,
        "draft": draft,
        "rule": rule,
    }
    with wired.units.begin(SYSTEM) as uow:
        names |= _settings(uow)
    return {name: str(value) for name, value in names.items()}


def _settings(uow: UnitOfWork) -> dict[str, object]:
    """A calendar and a partner's key, each with a screen of its own."""
    hours: dict[str, object] = {"working_days": ["tuesday"], "service_hours": {"tuesday": ["05:00-12:00"]}}
    hours |= {"cut_off": "11:00", "end_of_service": "12:00"}
    calendar = add_calendar(uow, f"Collecte {uuid4().hex[:6]}", hours, note="Horaires d’été")
    create_api_key(uow, "Tableau de bord", None)
    return {"calendar": calendar, "key": uow.session.scalar(sa.func.max(ApiKey.id))}


@pytest.mark.parametrize("who", list(SCREENS))
def test_its_screens_are_accessible_and_narrow(
    visit: Visit, house: House, known: dict[str, str], who: str
) -> None:
    page = visit(who)
    page.set_viewport_size({"width": 320, "height": 768})
    faults = [
        one for screen in SCREENS[who] for one in faults_of(page, screen.format(**known), is_there=True)
    ]
    assert faults == []
