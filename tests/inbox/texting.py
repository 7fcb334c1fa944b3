"""A provider of SMS that tells us things, and the reading of them as workers do it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr

from crm.channels import Receiver, open_receivers, sign
from crm.foundation import SYSTEM, Settings, Units
from crm.foundation.settings import Sms
from crm.inbox import Inbound, store_inbound, understand

SECRET = "whsec_cHJvdmlkZXI="
NUMBER = "+33639980001"


def receivers() -> dict[str, Receiver]:
    return open_receivers(Settings(sms=Sms(webhook_secret=SecretStr(SECRET))))


def signed(body: bytes, now: datetime, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(now.timestamp()))
    return {
        "webhook-id": "w1",
        "webhook-timestamp": stamp,
        "webhook-signature": sign(secret, "w1", stamp, body),
    }


def told(units: Units, **said: Any) -> Inbound:
    """Signed, stored, understood: how it ended."""
    body, now = json.dumps(said).encode(), units.clock.now()
    hook = receivers()["sms"]
    (arrival,) = hook.arrivals(signed(body, now), body, now)  # type: ignore[attr-defined]
    with units.begin(SYSTEM) as uow:
        store_inbound(uow, "sms", arrival)
    with units.begin(SYSTEM) as uow:
        name = sa.select(Inbound.id).where(Inbound.external_id == arrival.external_id)
        inbound_id = uow.session.scalars(name).one()
        understand(uow, receivers(), inbound_id)
    with units.sessions() as session:
        return session.get_one(Inbound, inbound_id)
