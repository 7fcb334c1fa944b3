"""One actor doing one thing, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from crm.foundation.actor import Actor
from crm.foundation.clock import Clock
from crm.foundation.database import Sessions
from crm.foundation.errors import Conflict
from crm.foundation.events import Delivery, Event, EventRow

Reactions = Mapping[type[Event], tuple[str, ...]]
WAKE_CHANNEL = "crm_deliveries"


class UnitOfWork:
    """Actions use it and never commit; leaving the `with` block commits, an exception rolls back."""

    def __init__(self, session: Session, actor: Actor, now: datetime, reactions: Reactions) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self._reactions = reactions
        self._recorded: list[Event] = []

    def record(self, event: Event) -> None:
        """Keep the fact; at commit it is written with one delivery per job that reacts to it."""
        self._recorded.append(event)

    def write_events(self) -> None:
        """Write the facts recorded so far, in this transaction. The commit does it by itself."""
        if not self._recorded:
            return
        self.session.flush()
        pending, self._recorded = self._recorded, []
        statement = sa.insert(EventRow).returning(EventRow.id, sort_by_parameter_order=True)
        ids = self.session.scalars(statement, [self._row(event) for event in pending]).all()
        deliveries = [
            {"event_id": event_id, "job": job, "due_at": self.now}
            for event_id, event in zip(ids, pending, strict=True)
            for job in self._reactions.get(type(event), ())
        ]
        if deliveries:
            self.session.execute(sa.insert(Delivery), deliveries)
            # The relay hears of it when, and only if, this transaction commits.
            self.session.execute(sa.text(f"NOTIFY {WAKE_CHANNEL}"))

    def _row(self, event: Event) -> dict[str, object]:
        return {
            "kind": event.kind,
            "subject_kind": event.subject_kind,
            "subject_id": event.subject_id,
            "actor_kind": self.actor.kind,
            "actor_id": self.actor.id,
            "organization_id": self.actor.organization_id,
            "at": self.now,
            "data": event.data(),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.write_events()
                self.session.commit()
            else:
                self.session.rollback()
        except StaleDataError as stale:
            self.session.rollback()
            raise Conflict() from stale
        finally:
            self.session.close()


class Units:
    """Opens units of work: what a door holds to let an actor act."""

    def __init__(self, sessions: Sessions, clock: Clock, reactions: Reactions) -> None:
        self.sessions = sessions
        self.clock = clock
        self._reactions = reactions

    def begin(self, actor: Actor) -> UnitOfWork:
        return UnitOfWork(self.sessions(), actor, self.clock.now(), self._reactions)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that never writes: whatever was changed by mistake is rolled back."""
        with self.sessions() as session:
            yield session
            session.rollback()
