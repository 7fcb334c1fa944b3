"""One actor doing one thing, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import MappingProxyType, TracebackType
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from crm.foundation.actor import Actor
from crm.foundation.clock import Clock
from crm.foundation.database import Sessions
from crm.foundation.errors import Conflict
from crm.foundation.events import Event

Reactions = Mapping[type[Event], tuple[str, ...]]
WAKE_CHANNEL = "crm_deliveries"
_AT_ONCE = timedelta()

# Facts, what must follow from them and the relay's call in one statement: every act waits for it.
# The relay hears of it when, and only if, the transaction commits.
_STATEMENT = f"""
    WITH given AS MATERIALIZED (
      SELECT nextval(pg_get_serial_sequence('events', 'id')) AS id, kind, subject_kind, subject_id, data, rank
      FROM unnest(CAST(:kinds AS text[]), CAST(:subject_kinds AS text[]), CAST(:subject_ids AS bigint[]),
                  CAST(:data AS jsonb[])) WITH ORDINALITY AS g(kind, subject_kind, subject_id, data, rank)
    ), facts AS (
      INSERT INTO events (id, kind, subject_kind, subject_id, actor_kind, actor_id, organization_id, at, data)
      SELECT id, kind, subject_kind, subject_id, :actor_kind, :actor_id, :organization_id, :now, data
      FROM given
    ), due AS (
      INSERT INTO deliveries (event_id, job, due_at)
      SELECT given.id, j.job, j.due_at
      FROM unnest(CAST(:ranks AS bigint[]), CAST(:jobs AS text[]), CAST(:dues AS timestamptz[]))
           WITH ORDINALITY AS j(rank, job, due_at, place)
      JOIN given USING (rank) WHERE %s ORDER BY j.place
      RETURNING id
    )
    SELECT pg_notify('{WAKE_CHANNEL}', '') FROM due LIMIT 1
    """  # noqa: S608 — the channel's name and the conditions are ours; every value is a parameter


def writing(on_demand: Mapping[str, str]) -> sa.TextClause:
    """
    Args:
        on_demand: job → the condition, over the fact (`given`), without which it is not asked for. The
            statement that keeps the fact asks it: what was committed before is never missed.
    """
    wanted = [f"(j.job <> '{job}' OR {condition})" for job, condition in on_demand.items()]
    return sa.text(_STATEMENT % (" AND ".join(wanted) or "true")).bindparams(
        sa.bindparam("actor_id", type_=sa.BigInteger),
        sa.bindparam("organization_id", type_=sa.BigInteger),
        sa.bindparam("now", type_=sa.DateTime(timezone=True)),
    )


_ALL = writing({})


class UnitOfWork:
    """Actions use it and never commit; leaving the `with` block commits, an exception rolls back."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        now: datetime,
        reactions: Reactions,
        write: sa.TextClause = _ALL,
    ) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self._reactions = reactions
        self._write = write
        self._recorded: list[tuple[Event, timedelta]] = []

    def record(self, event: Event, *, due_in: timedelta = _AT_ONCE) -> None:
        """Keep the fact; at commit it is written with one delivery per job that reacts to it.

        Args:
            due_in: how long what must follow is held back, so that the act may be taken back.
        """
        self._recorded.append((event, due_in))

    def write_events(self) -> None:
        """Write the facts recorded so far, in this transaction. The commit does it by itself."""
        if not self._recorded:
            return
        self.session.flush()
        pending, self._recorded = self._recorded, []
        self.session.execute(self._write, self._facts([event for event, _ in pending]) | self._jobs(pending))

    def _facts(self, pending: Sequence[Event]) -> dict[str, object]:
        return {
            "kinds": [event.kind for event in pending],
            "subject_kinds": [event.subject_kind for event in pending],
            "subject_ids": [event.subject_id for event in pending],
            "data": [json.dumps(event.data()) for event in pending],
            "actor_kind": self.actor.kind,
            "actor_id": self.actor.id,
            "organization_id": self.actor.organization_id,
            "now": self.now,
        }

    def _jobs(self, pending: Sequence[tuple[Event, timedelta]]) -> dict[str, object]:
        """What must follow, each with the rank of its fact."""
        follow = [
            (rank, job, self.now + due_in)
            for rank, (event, due_in) in enumerate(pending, start=1)
            for job in self._reactions.get(type(event), ())
        ]
        ranks, jobs, dues = ([one[place] for one in follow] for place in range(3))
        return {"ranks": ranks, "jobs": jobs, "dues": dues}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
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

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        reactions: Reactions,
        on_demand: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.sessions = sessions
        self.clock = clock
        self._reactions = reactions
        self._write = writing(on_demand) if on_demand else _ALL

    def begin(self, actor: Actor, session: Session | None = None) -> UnitOfWork:
        """A session may be handed over, with the transaction it reads in; it is closed at the end."""
        return UnitOfWork(session or self.sessions(), actor, self.clock.now(), self._reactions, self._write)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that never writes: whatever was changed by mistake is rolled back."""
        with self.sessions() as session:
            yield session
            session.rollback()
