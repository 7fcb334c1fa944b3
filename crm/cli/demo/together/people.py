"""Who acts on that day, on which demands, and at what hour. Nobody is written to: nothing follows a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.cases import Case, Rulebook
from crm.contacts import ContactLink, ContactPoint
from crm.foundation import PARIS, SYSTEM, Actor, CrmError, UnitOfWork
from crm.staff import Agent, Unit, actor_of

P = ParamSpec("P")
T = TypeVar("T")
AT_WORK = ("in_progress", "scheduled", "assigned")


class Stage:
    """The demonstration as it stands, for scenes to be played on it."""

    def __init__(self, uow: UnitOfWork, book: Rulebook) -> None:
        self.session: Session = uow.session
        self.now = uow.now
        self.book = book
        known = self.session.execute(sa.select(Unit.code, Unit.id))
        self._units: dict[str, int] = {row.code: row.id for row in known}
        self._known: dict[str, Actor] = {}
        self._taken: set[str] = set()

    @property
    def today(self) -> date:
        return self.now.astimezone(PARIS).date()

    def day(self, working_days: int) -> date:
        """The working day that comes so many working days later; today for none."""
        day = self.today
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.book.calendar.is_working_day(day)
        return day

    def unit(self, code: str) -> int:
        return self._units[code]

    def who(self, first_name: str) -> Actor:
        if first_name not in self._known:
            found = sa.select(Agent.id).where(Agent.first_name == first_name)
            self._known[first_name] = actor_of(self.session, self.session.scalars(found).one()) or SYSTEM
        return self._known[first_name]

    def id_of(self, first_name: str) -> int:
        return self.who(first_name).id or 0

    def act(
        self,
        hours_ago: float,
        actor: Actor,
        does: Callable[Concatenate[UnitOfWork, P], T],
        *given: P.args,
        **told: P.kwargs,
    ) -> T | None:
        """So many hours ago, or as late as what last happened to the demand that is named in `given`.

        None when the demand does not allow it: the rules of a centre may decide otherwise than ours.
        """
        uow = UnitOfWork(self.session, actor, self._after(given, self.now - timedelta(hours=hours_ago)), {})
        with suppress(CrmError), self.session.begin_nested():
            done = does(uow, *given, **told)
            uow.write_events()
            return done
        return None

    def _after(self, given: Iterable[object], at: datetime) -> datetime:
        named = [one for one in given if isinstance(one, str)]
        last = sa.select(sa.func.max(Case.updated_at)).where(Case.reference.in_(named))
        return max(at, self.session.scalar(last) or at) if named else at

    def first(
        self, hours_ago: float, actor: Actor, demands: Iterable[str], does: Callable[[UnitOfWork, str], T]
    ) -> tuple[T, str] | None:
        """On the first of the demands that allows it: what it gave, and the demand."""
        for reference in demands:
            done = self.act(hours_ago, actor, does, reference)
            if done is not None:
                return done, reference
        return None

    def demands(
        self, unit: str | None, *states: str, insee: str = "", again: bool = False, still: float = 1
    ) -> Iterator[str]:
        """Open ones of a unit, the same each time, each in one scene alone unless `again`.

        Args:
            still: hours without anything happening to them, as far as there are such: the scene comes after.
        """
        c = Case
        query = sa.select(c.reference).where(c.state.in_(states), c.lon.is_not(None))
        if unit is not None:
            query = query.where(c.unit_id == self.unit(unit))
        if insee:
            query = query.where(c.insee == insee)
        then = self.now - timedelta(hours=still)
        query = query.order_by(c.updated_at > then, c.created_at > then, c.received_at.desc(), c.id)
        for reference in self.session.scalars(query).all():
            if again or reference not in self._taken:
                self._taken.add(reference)
                yield reference

    def usagers(self, how_many: int) -> list[int]:
        """Contacts who left an e-mail."""
        known = sa.select(ContactLink.contact_id).join(ContactPoint, ContactPoint.id == ContactLink.point_id)
        query = known.where(ContactPoint.kind == "email").order_by(ContactLink.contact_id).limit(how_many)
        return list(self.session.scalars(query))

    def version(self, reference: str) -> int:
        return self.session.scalars(sa.select(Case.version).where(Case.reference == reference)).one()
