"""The domain in few words: whatever does not matter to a story has a value here.

Cases reach their state by the very acts that people do; nothing is set behind the product's back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from crm import cases
from crm.cases import Case, CaseState, NewCase, Place, Rulebook
from crm.catalogue import catalogue
from crm.catalogue.models import CategoryRow, DomainRow, QuestionRow
from crm.contacts import NewContact, find_or_create_contact
from crm.deadlines import load_calendar
from crm.foundation import ROOT, Actor, Sessions, UnitOfWork
from crm.routing import current_table
from crm.routing.models import CompetenceRule, RoutingTable
from crm.staff import Organization, RoleGrant, Unit, create_account, units
from crm.territory import Address, Commune, Street, forget
from tests.acting import act

PASSWORD = "lampe-ruche-vélo-42"
TOWN, NEIGHBOUR = "99801", "99802"


# Who acts


def actor(role: str, *, unit: int | None = None, insee: str | None = None, id: int | None = None) -> Actor:
    """Someone with one role; no account is needed to act."""
    return Actor(
        kind="agent",
        id=id,
        roles=frozenset({role}),
        unit_ids=frozenset({unit} if unit else ()),
        places=frozenset({insee} if insee else ()),
    )


def agent(
    uow: UnitOfWork, role: str = "advisor", *, unit: str | None = None, insee: str | None = None
) -> str:
    """An account that can log in with PASSWORD; returns its address."""
    organization(uow)
    email = f"{role.replace('_', '-')}.{uuid4().hex[:8]}@rivebois.example"
    create_account(
        uow,
        email=email,
        password=PASSWORD,
        first_name="Karim",
        last_name="Belkacem",
        organization_code="metropole",
        grants=[RoleGrant(role, unit_code=unit, insee=insee)],
        unit_code=unit,
    )
    return email


# Where


def commune(uow: UnitOfWork, insee: str = TOWN, name: str = "Aubreval", *, is_member: bool = True) -> str:
    west = 3.88 if insee == TOWN else 3.92
    ring = [[west, 43.59], [west + 0.04, 43.59], [west + 0.04, 43.62], [west, 43.62], [west, 43.59]]
    uow.session.add(
        Commune(
            insee=insee,
            name=name,
            name_folded=name.lower(),
            postcode=f"{insee[:4]}0",
            is_member=is_member,
            boundary={"type": "Polygon", "coordinates": [ring]},
            west=west,
            east=west + 0.04,
            south=43.59,
            north=43.62,
        )
    )
    uow.session.flush()
    forget()
    return insee


def street(
    uow: UnitOfWork, name: str = "rue des Lilas", *, insee: str = TOWN, ownership: str = "public"
) -> int:
    row = Street(code=uuid4().hex[:4], insee=insee, name=name, name_folded=name.lower(), ownership=ownership)
    uow.session.add(row)
    uow.session.flush()
    forget()
    return row.id


def address(uow: UnitOfWork, street_id: int, number: int = 12) -> int:
    insee = uow.session.scalars(sa.select(Street.insee).where(Street.id == street_id)).one()
    row = Address(street_id=street_id, number=number, insee=insee, lon=3.9, lat=43.6)
    uow.session.add(row)
    uow.session.flush()
    return row.id


def place(insee: str | None = TOWN, **more: Any) -> Place:
    return Place(**{"insee": insee, "label": "12 rue des Lilas", "precision": "exact", **more})


# Who is competent, for what


def organization(uow: UnitOfWork, code: str = "metropole", kind: str = "metropole") -> int:
    found = uow.session.scalar(sa.select(Organization.id).where(Organization.code == code))
    if found is not None:
        return found
    row = Organization(code=code, kind=kind, name=f"Organisme {code}")
    uow.session.add(row)
    uow.session.flush()
    return row.id


def unit(
    uow: UnitOfWork,
    code: str = "voirie",
    *,
    insee: str | None = None,
    is_active: bool = True,
    operation: str = "in_house",
) -> int:
    owner = organization(uow, f"commune-{insee}", "commune") if insee else organization(uow)
    row = Unit(
        code=code,
        name=f"Service {code}",
        operation=operation,
        organization_id=owner,
        insee=insee,
        is_active=is_active,
        address="4 quai des Forges",
        phone="01 99 00 00 02",
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id


_CATEGORY: Mapping[str, Any] = {
    "label": "Nid-de-poule",
    "label_en": "Pothole",
    "synonyms": ["trou"],
    "place": "exact",
    "priority": 3,
    "delay_days": 5,
    "delay_unit": "working_day",
    "dangers": [],
    "outcomes": ["F", "P", "R", "T"],
    "decision_regime": "none",
    "map_display": "point",
    "identity_level": 0,
    "evidence": False,
    "position": 1,
    "handling": "Une équipe rebouche le trou.",
    "handling_en": "A team fills the hole.",
}


def category(uow: UnitOfWork, code: str = "VOIR-01", **changed: Any) -> str:
    domain = code.partition("-")[0]
    if uow.session.get(DomainRow, domain) is None:
        uow.session.add(DomainRow(code=domain, label="Voirie", label_en="Roads", position=1))
        uow.session.flush()
    uow.session.add(CategoryRow(code=code, domain_code=domain, **{**_CATEGORY, **changed}))
    uow.session.flush()
    return code


def question(uow: UnitOfWork, category_code: str, key: str, kind: str = "text", **changed: Any) -> None:
    asked = {"label": "Lequel ?", "label_en": "Which?", "choices": [], "raises": [], "is_required": False}
    uow.session.add(
        QuestionRow(category_code=category_code, key=key, kind=kind, position=1, **{**asked, **changed})
    )
    uow.session.flush()


def routing(uow: UnitOfWork, *rules: Mapping[str, Any], outside: str = "Voyez la mairie du lieu.") -> None:
    """A new version of the table; each rule says only what it restricts and decides."""
    version = uow.session.scalar(sa.select(sa.func.count()).select_from(RoutingTable)) or 0
    table = RoutingTable(
        version=version + 1, outside_advice=outside, published_at=uow.now, effective_at=uow.now
    )
    uow.session.add(table)
    uow.session.flush()
    for position, rule in enumerate(rules, 1):
        uow.session.add(CompetenceRule(table_id=table.id, position=position, **{"decision": "route", **rule}))
    uow.session.flush()


def rulebook(uow: UnitOfWork) -> Rulebook:
    """What the centre goes by now, read afresh."""
    return Rulebook(
        catalogue(uow.session),
        current_table(uow.session, uow.now),
        {card.id: card for card in units(uow.session)},
        _calendar(),
    )


@cache
def _calendar() -> Any:
    return load_calendar(ROOT / "config" / "calendar.toml")


@dataclass(frozen=True)
class Town:
    """Two communes; potholes for the roads unit, bins for the town hall, one category without a rule."""

    roads: int
    lighting: int
    town_hall: int
    book: Rulebook = field(repr=False)


def town(uow: UnitOfWork) -> Town:
    commune(uow)
    commune(uow, NEIGHBOUR, "Montclar")
    roads, lighting = unit(uow, "voirie"), unit(uow, "eclairage")
    town_hall = unit(uow, "mairie-99801", insee=TOWN)
    for code in ("VOIR-01", "DECH-01", "ECLA-01", "VIE-01"):
        category(uow, code)
    routing(
        uow,
        {"category_code": "VOIR-01", "unit_id": roads},
        {"category_code": "ECLA-01", "unit_id": lighting},
        {"category_code": "DECH-01", "insee": TOWN, "unit_id": town_hall},
        {"category_code": "VOIR-01", "road_owner": "private", "decision": "refuse", "advice": "Au syndic."},
    )
    return Town(roads, lighting, town_hall, rulebook(uow))


# Who asks, and what becomes of it


def contact(uow: UnitOfWork, **told: Any) -> int:
    known = {"first_name": "Aïcha", "family_name": "Diallo", "email": "aicha.diallo@exemple.fr"}
    return find_or_create_contact(uow, NewContact(**{**known, **told}))


def new_case(uow: UnitOfWork, **told: Any) -> NewCase:
    usual: dict[str, Any] = {
        "key": uuid4().hex,
        "object": "Un trou dans la chaussée",
        "channel": "phone",
        "received_at": uow.now,
        "category_code": "VOIR-01",
        "place": place(),
    }
    return NewCase(**{**usual, **told})


def open_case(uow: UnitOfWork, book: Rulebook, state: CaseState = CaseState.ASSIGNED, **told: Any) -> str:
    """The reference of a case led to a state by the acts that lead there."""
    if state is CaseState.REGISTERED:
        told = {"category_code": "VIE-01", **told}
    reference = cases.open_case(uow, book, new_case(uow, **told)).reference
    for verb in _WAY_TO[state]:
        act(uow, book, reference, verb)
    return reference


def kept_case(sessions: Sessions, reference: str = "", *, token: str | None = None) -> Case:
    """As the database has it now: by its reference, or by the token of its tracking link."""
    named = Case.reference == reference if token is None else Case.public_token == token
    with sessions() as session:
        return session.scalars(sa.select(Case).where(named)).one()


_WAY_TO: Mapping[CaseState, tuple[str, ...]] = {
    CaseState.REGISTERED: (),
    CaseState.ASSIGNED: (),
    CaseState.IN_PROGRESS: ("accept",),
    CaseState.SCHEDULED: ("accept", "plan"),
    CaseState.WAITING_REQUESTER: ("accept", "ask"),
    CaseState.WAITING_THIRD_PARTY: ("accept", "await_partner"),
    CaseState.RESOLVED: ("accept", "resolve"),
    CaseState.CLOSED: ("accept", "resolve", "close"),
    CaseState.CANCELLED: ("cancel",),
}
