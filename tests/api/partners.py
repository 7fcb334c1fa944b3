"""What partners' machines hold and send."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from crm.foundation import SYSTEM, Units
from crm.staff import Organization, create_api_key

LIGHT = {
    "service_code": "ECLA-01",
    "lat": "43.6001",
    "long": "3.9001",
    "description": "Lampadaire éteint chez Mme Martin",
    "attribute[mast]": "A 12",
}


def key_of(
    units: Units, organization: str, scopes: Collection[str] = ("read", "create", "update"), **quota: int
) -> str:
    with units.begin(SYSTEM) as uow:
        owner = uow.session.scalar(sa.select(Organization.id).where(Organization.code == organization))
        return create_api_key(uow, f"Clé de {organization}", owner, scopes=scopes, **quota)


def bring(client: FlaskClient, key: str, form: str = "json", **told: Any) -> Any:
    return client.post(f"/open311/v2/requests.{form}", data={**LIGHT, "api_key": key, **told})


def reference(client: FlaskClient, key: str, **told: Any) -> str:
    answer = bring(client, key, **told)
    assert answer.status_code == 201, answer.text
    return str(answer.json[0]["service_request_id"])
