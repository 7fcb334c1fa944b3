"""One case and what is said about it, for the tests of exchanges."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from crm.foundation import EventRow, UnitOfWork
from crm.interactions import Message

CASE = 41


@dataclass(frozen=True)
class Reached:
    """A case entrusted to unit 1, in commune 99001."""

    unit_id: int | None = 1
    insee: str | None = "99001"
    origin_insee: str | None = None
    responsible_insee: str | None = None
    readers: tuple[str, ...] | None = None


REACH = Reached()


def answer(channel: str = "email", **given: object) -> Message:
    recipient = {"email": "aicha@exemple.fr", "sms": "+33612345678", "phone": "+33612345678"}
    told = {
        "kind": "answer",
        "recipient": recipient.get(channel, "Aïcha Diallo\n99100 Valbrune"),
        "body": "C’est fait.",
    }
    return Message(channel=channel, **{**told, **given})  # type: ignore[arg-type]


def facts(uow: UnitOfWork) -> list[tuple[str, dict[str, object]]]:
    uow.write_events()
    rows = uow.session.execute(sa.select(EventRow.kind, EventRow.data).order_by(EventRow.id))
    return [(row.kind, row.data) for row in rows]
