"""A demand as a door hands it over."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from crm.cases import Case, Opened, Rulebook
from crm.foundation import UnitOfWork
from crm.intake import Demand, PlaceGiven, register_demand
from tests import given


def demand(**told: Any) -> Demand:
    usual: dict[str, Any] = {
        "key": uuid4().hex,
        "object": "Un trou dans la chaussée",
        "channel": "phone",
        "category_code": "VOIR-01",
        "place": PlaceGiven(insee=given.TOWN, text="devant la poste"),
    }
    return Demand(**{**usual, **told})


def arrives(uow: UnitOfWork, book: Rulebook, **told: Any) -> Opened:
    return register_demand(uow, book, demand(**told))


def kept(uow: UnitOfWork, done: Opened) -> Case:
    return uow.session.scalars(sa.select(Case).where(Case.id == done.id)).one()
