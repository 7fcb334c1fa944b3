"""The Monday message to a mairie's desk: what came, ended, is late, planned or waits for the commune.

For who works there, in their language; of the commune's own ground alone, and without a word of who asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from sqlalchemy.dialects.postgresql import insert

from crm import territory
from crm.cases import CommuneLine, CommuneWeek, Part, commune_week
from crm.catalogue import Catalogue, catalogue
from crm.foundation import PARIS, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Message, queue_message
from crm.notifications.digest_words import WORDS, DigestWords
from crm.notifications.models import WeeklyDigest
from crm.notifications.wording import in_words
from crm.staff import DigestReader

_WEEK = timedelta(days=7)
Labels = Callable[[str | None], str]
Said = Callable[[CommuneLine], str]


def monday_of(now: datetime) -> date:
    today = now.astimezone(PARIS).date()
    return today - timedelta(days=today.weekday())


def queue_digest(uow: UnitOfWork, centre: Centre, insee: str, readers: Sequence[DigestReader]) -> int:
    """Write to those who were not written to yet this week. Returns how many.

    The row that says so and the message commit together: run twice, or killed between two communes,
    nobody is told twice and nobody is forgotten.
    """
    monday = monday_of(uow.now)
    told = 0
    written: dict[str, tuple[str, str]] = {}
    for reader in readers:
        row = {"week_on": monday, "insee": insee, "recipient": reader.email, "interaction_id": 0}
        claim = insert(WeeklyDigest).values(row).on_conflict_do_nothing().returning(WeeklyDigest.recipient)
        if uow.session.scalar(claim) is None:
            continue
        spoken = reader.language if reader.language in WORDS else "fr"
        if spoken not in written:
            written[spoken] = _words(uow, centre, insee, monday, spoken)
        subject, body = written[spoken]
        message = Message(
            kind="digest",
            channel="email",
            recipient=reader.email,
            subject=subject,
            body=body,
            is_public=False,
        )
        kept = uow.session.get_one(WeeklyDigest, (monday, insee, reader.email))
        kept.interaction_id = queue_message(uow, None, 0, message)
        told += 1
    return told


def _words(uow: UnitOfWork, centre: Centre, insee: str, monday: date, spoken: str) -> tuple[str, str]:
    start = datetime.combine(monday, time(), tzinfo=PARIS)
    week = commune_week(uow.session, insee, since=start - _WEEK, now=uow.now, until=start + _WEEK)
    names = {line.insee: line.name for line in territory.communes(uow.session)}
    name, words = names.get(insee, insee), WORDS[spoken]
    day = in_words(start) if spoken == "fr" else format_date(monday, words.pattern, locale=spoken)
    subject = words.subject.format(commune=name, day=day)
    return subject, digest_text(centre, name, week, _labels(catalogue(uow.session), spoken), spoken)


def _labels(known: Catalogue, spoken: str) -> Labels:
    def label(code: str | None) -> str:
        found = known.category(code) if code else None
        if found is None:
            return WORDS[spoken].unknown
        return found.label_en if spoken == "en" else found.label

    return label


def digest_text(centre: Centre, commune: str, week: CommuneWeek, label: Labels, spoken: str = "fr") -> str:
    words = WORDS[spoken]

    def day(moment: datetime | date | None) -> str:
        if moment is None:
            return "—"
        this = moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
        return str(format_date(this, words.short, locale=spoken))

    due: Said = lambda line: words.due.format(day=day(line.due_at))  # noqa: E731
    parts: list[tuple[str, Part, Said]] = [
        (words.new, week.new, lambda line: words.received.format(day=day(line.received_at))),
        (words.closed, week.closed, lambda line: words.ended.format(day=day(line.closed_at))),
        (words.late, week.late, due),
        (words.planned, week.planned, lambda line: words.foreseen.format(day=day(line.planned_on))),
        (words.waiting, week.waiting, due),
    ]
    figures = "\n".join(f"{title}{words.colon}{part.count}" for title, part, _ in parts)
    details = [_part(title, part, said, label, words) for title, part, said in parts if part.count]
    hello = words.hello.format(commune=commune)
    quiet = [] if details else [words.quiet]
    return "\n\n".join([hello, figures, *quiet, *details, _ending(centre, words), centre.name])


def _ending(centre: Centre, words: DigestWords) -> str:
    site = centre.site_url.rstrip("/")
    home = words.home.format(link=f"{site}/console/accueil")
    return "\n".join([home, words.mayor.format(link=f"{site}/console/liste-maire"), words.stop])


def _part(title: str, part: Part, said: Said, label: Labels, words: DigestWords) -> str:
    lines = [_line(line, said(line), label, words) for line in part.lines]
    more = part.count - len(part.lines)
    if more > 0:
        lines.append(words.one_more if more == 1 else words.more.format(many=more))
    return f"{title.upper()} ({part.count})\n" + "\n".join(lines)


def _line(line: CommuneLine, when: str, label: Labels, words: DigestWords) -> str:
    return words.line.format(
        urgent=words.urgent if line.priority == 1 else "",
        reference=line.reference,
        subject=label(line.category_code),
        place=f", {line.place_label}" if line.place_label else "",
        when=when,
    )
