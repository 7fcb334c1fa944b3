"""What the centre goes by, kept a few seconds in each process: read for every demand, changed rarely."""

from __future__ import annotations

from collections.abc import Mapping

from crm.cases import Rulebook
from crm.catalogue import Catalogue, CatalogueCache, CategoryIndex
from crm.deadlines import Calendar
from crm.foundation import Clock, Sessions
from crm.knowledge import Snippet, SnippetCache
from crm.promises import CalendarCache
from crm.routing import RoutingCache
from crm.staff import UnitCard, UnitDirectory


class Rulebooks:
    """Thread-safe. A change made on a screen is followed by every process within ten seconds."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock
        self._catalogue = CatalogueCache(sessions, clock=clock)
        self._routing = RoutingCache()
        self._snippets = SnippetCache(sessions)
        self._directory = UnitDirectory()
        self._calendar = CalendarCache(sessions)

    def current(self) -> Rulebook:
        """Categories, decision table, units and calendar, as one frozen snapshot."""
        catalogue, _ = self._catalogue.get()
        with self._sessions() as session:
            table = self._routing.table(session, self._clock.now())
            units = self._directory.cards(session)
        return Rulebook(catalogue, table, units, self._calendar.get().calendar)

    def snippets(self) -> tuple[Snippet, ...]:
        return self._snippets.get()

    def forget_snippets(self) -> None:
        self._snippets.forget()

    def calendar(self) -> Calendar:
        return self._calendar.get().calendar

    def forget_calendar(self) -> None:
        """This very process published another."""
        self._calendar.forget()

    def categories(self) -> tuple[Catalogue, CategoryIndex]:
        return self._catalogue.get()

    def forget_categories(self) -> None:
        """This very process published one."""
        self._catalogue.forget()

    def units(self) -> Mapping[int, UnitCard]:
        """Unit's id → card."""
        with self._sessions() as session:
            return self._directory.cards(session)
