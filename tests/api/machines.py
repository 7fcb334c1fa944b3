"""Machines with keys, and the demands they work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.cases import CaseState
from crm.foundation import SYSTEM, Units
from crm.staff import ActsAs, KeyScope, create_api_key
from tests import given
from tests.given import TOWN

EVERY_SCOPE = tuple(str(scope) for scope in KeyScope)


@dataclass
class Machine:
    """One programme with its key."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: object) -> TestResponse:
        return self.client.get(f"/api/v1{path}", query_string=query or None, headers=self._headers({}))

    def post(self, path: str, told: object = None, **headers: str) -> TestResponse:
        """`if_match="3"` and `idempotency_key="…"` become headers."""
        return self.client.post(f"/api/v1{path}", json=told, headers=self._headers(headers))

    def _headers(self, told: Mapping[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-").title(): value for name, value in told.items()}
        return {"Authorization": f"Bearer {self.token}", **named}


def machine(
    app: Flask, units: Units, acts_as: ActsAs | None = None, scopes: tuple[str, ...] = EVERY_SCOPE
) -> Machine:
    with units.begin(SYSTEM) as uow:
        token = create_api_key(uow, "Logiciel", None, scopes=scopes, acts_as=acts_as)
    return Machine(app.test_client(), token)


def supervisor(app: Flask, units: Units) -> Machine:
    return machine(app, units, ActsAs(role="supervisor"))


def unit_machine(app: Flask, units: Units, unit_id: int) -> Machine:
    return machine(app, units, ActsAs(role="team_lead", unit_id=unit_id))


def demand(units: Units, state: CaseState = CaseState.ASSIGNED, **told: Any) -> str:
    """One about a pothole, of somebody who left an e-mail; its reference."""
    with units.begin(SYSTEM) as uow:
        known = {"contact_id": given.contact(uow), "answer_channel": "email", "place": given.place(TOWN)}
        return given.open_case(uow, given.rulebook(uow), state, **{**known, **told})


def etag(answer: TestResponse) -> str:
    return str(answer.headers["ETag"])
