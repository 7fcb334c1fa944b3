"""A stranger with the description in hand tries everything: the door keeps its word (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import BaseSchema, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from crm.cases import CaseState
from crm.cases.orders import NewOrder, ask_order
from crm.foundation import SYSTEM, Units
from tests.api.machines import demand, supervisor
from tests.given import rulebook as given_rulebook

_FEW = settings(
    max_examples=5,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = (
    "GET /api/v1/cases",
    "POST /api/v1/cases",
    "GET /api/v1/cases/{reference}",
    "GET /api/v1/cases/{reference}/events",
    "GET /api/v1/cases/{reference}/interactions",
    "POST /api/v1/cases/{reference}/interactions",
    "POST /api/v1/cases/{reference}/accept",
    "POST /api/v1/cases/{reference}/plan",
    "POST /api/v1/cases/{reference}/resolve",
    "POST /api/v1/cases/{reference}/photos",
    "GET /api/v1/orders",
    "GET /api/v1/cases/{reference}/orders/{number}",
    "POST /api/v1/cases/{reference}/orders/{number}/accept",
    "POST /api/v1/cases/{reference}/orders/{number}/plan",
    "POST /api/v1/cases/{reference}/orders/{number}/secure",
    "POST /api/v1/cases/{reference}/orders/{number}/finish",
    "POST /api/v1/cases/{reference}/orders/{number}/send-back",
    "POST /api/v1/cases/{reference}/orders/{number}/photos",
    "GET /api/v1/events",
    "POST /api/v1/contacts/search",
    "GET /api/v1/contacts/{contact_id}",
)


@pytest.fixture
def described(app: Flask, units: Units, services: dict[str, int]) -> Iterator[tuple[BaseSchema, str, str]]:
    """The description as a stranger reads it, a token, and a demand that exists, with a work order."""
    there = supervisor(app, units)
    reference = demand(units, CaseState.ASSIGNED)
    with units.begin(SYSTEM) as uow:
        work = NewOrder(key="k" * 24, unit_id=services["eclairage"], work="Remettre le mât droit.")
        ask_order(uow, given_rulebook(uow), reference, work)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app), there.token, reference


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_door_keeps_its_word(described: tuple[BaseSchema, str, str], mode: GenerationMode) -> None:
    schema, token, reference = described
    labels = {one.ok().label for one in schema.get_all_operations()}
    assert labels - {"GET /api/v1/openapi.json"} == set(OPERATIONS)
    for label in OPERATIONS:
        method, path = label.split()
        # A demand that exists, or none at all, or what is no reference.
        there = {"reference": reference, "number": 1}
        known = {name: value for name, value in there.items() if f"{{{name}}}" in path}
        known = known if mode is GenerationMode.POSITIVE else {}
        strategy = schema[path][method].as_strategy(generation_mode=mode, path_parameters=known or None)
        _try(strategy, token, by_meaning=method == "POST")


def _try(strategy: SearchStrategy[schemathesis.Case], token: str, *, by_meaning: bool) -> None:
    """
    Args:
        by_meaning: more is asked than a description can say: which categories exist, that a day is not past.
    """

    @seed(4)
    @_FEW
    @given(strategy)
    def each(case: schemathesis.Case) -> None:
        left_out = [positive_data_acceptance] if by_meaning else []
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=left_out)

    each()
