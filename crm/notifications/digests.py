"""The Monday message to a mairie's desk: what came, ended, is late, planned or waits for the commune.

For who works there, in French; of the commune's own ground alone, and without a word of who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.dialects.postgresql import insert

from crm import territory
from crm.cases import CommuneLine, CommuneWeek, Part, commune_week
from crm.catalogue import catalogue
from crm.foundation import PARIS, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Message, queue_message
from crm.notifications.models import WeeklyDigest
from crm.notifications.wording import in_words

_WEEK = timedelta(days=7)
Labels = Callable[[str | None], str]


def monday_of(now: datetime) -> date:
    today = now.astimezone(PARIS).date()
    return today - timedelta(days=today.weekday())


def queue_digest(uow: UnitOfWork, centre: Centre, insee: str, readers: Sequence[str]) -> int:
    """Write to those who were not written to yet this week. Returns how many.

    The row that says so and the message commit together: run twice, or killed between two communes,
    nobody is told twice and nobody is forgotten.
    """
    monday = monday_of(uow.now)
    told = 0
    words: tuple[str, str] | None = None
    for reader in readers:
        row = {"week_on": monday, "insee": insee, "recipient": reader, "interaction_id": 0}
        claim = insert(WeeklyDigest).values(row).on_conflict_do_nothing().returning(WeeklyDigest.recipient)
        if uow.session.scalar(claim) is None:
            continue
        words = words or _words(uow, centre, insee, monday)
        subject, body = words
        message = Message(
            kind="digest", channel="email", recipient=reader, subject=subject, body=body, is_public=False
        )
        kept = uow.session.get_one(WeeklyDigest, (monday, insee, reader))
        kept.interaction_id = queue_message(uow, None, 0, message)
        told += 1
    return told


def _words(uow: UnitOfWork, centre: Centre, insee: str, monday: date) -> tuple[str, str]:
    start = datetime.combine(monday, time(), tzinfo=PARIS)
    week = commune_week(uow.session, insee, since=start - _WEEK, now=uow.now, until=start + _WEEK)
    names = {line.insee: line.name for line in territory.communes(uow.session)}
    known = catalogue(uow.session)

    def label(code: str | None) -> str:
        found = known.category(code) if code else None
        return found.label if found else "Sujet à préciser"

    name = names.get(insee, insee)
    subject = f"{name} : vos demandes, semaine du {in_words(start)}"
    return subject, digest_text(centre, name, week, label)


def digest_text(centre: Centre, commune: str, week: CommuneWeek, label: Labels) -> str:
    parts = [
        ("Nouvelles depuis lundi dernier", week.new, _received),
        ("Terminées depuis lundi dernier", week.closed, _ended),
        ("En retard", week.late, _due),
        ("Prévues cette semaine", week.planned, _planned),
        ("En attente de votre commune", week.waiting, _due),
    ]
    figures = "\n".join(f"{title} : {part.count}" for title, part, _ in parts)
    details = [_part(title, part, said, label) for title, part, said in parts if part.count]
    site = centre.site_url.rstrip("/")
    ending = (
        f"Votre page d’accueil : {site}/console/accueil\n"
        f"La liste à imprimer : {site}/console/liste-maire\n"
        "Ne plus recevoir ce message : décochez « Le point du lundi » sur votre page d’accueil."
    )
    hello = f"Bonjour,\n\nVoici le point des demandes situées à {commune}."
    quiet = [] if details else ["Rien à signaler cette semaine."]
    return "\n\n".join([hello, figures, *quiet, *details, ending, centre.name])


def _part(title: str, part: Part, said: Callable[[CommuneLine], str], label: Labels) -> str:
    lines = [_line(line, said(line), label) for line in part.lines]
    more = part.count - len(part.lines)
    if more > 0:
        lines.append(f"… et {more} autre{'s' if more > 1 else ''}.")
    return f"{title.upper()} ({part.count})\n" + "\n".join(lines)


def _line(line: CommuneLine, when: str, label: Labels) -> str:
    urgent = "PRIORITÉ 1 — " if line.priority == 1 else ""
    place = f", {line.place_label}" if line.place_label else ""
    return f"- {urgent}{line.reference} : {label(line.category_code)}{place} ({when})"


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return "—"
    day = moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
    return f"{day:%d/%m}"


def _received(line: CommuneLine) -> str:
    return f"reçue le {_day(line.received_at)}"


def _ended(line: CommuneLine) -> str:
    return f"terminée le {_day(line.closed_at)}"


def _due(line: CommuneLine) -> str:
    return f"échéance le {_day(line.due_at)}"


def _planned(line: CommuneLine) -> str:
    return f"prévue le {_day(line.planned_on)}"
