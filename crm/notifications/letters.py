"""Letters of the print queue, as one PDF; with its slip when they are a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet, case_by_id
from crm.channels import LetterPaper, SlipPaper, letters_pdf
from crm.contacts import support_needs
from crm.foundation.settings import Centre
from crm.interactions import Exchange
from crm.notifications.wording import in_words
from crm.staff import signature_of, unit_card

_MOST_LINES = 6  # of an address: La Poste, NF Z 10-011


def print_letters(
    session: Session, centre: Centre, letters: Sequence[Exchange], *, large_print: bool = False
) -> bytes:
    """The letters one after the other, each on its own sheets, numbered from 1."""
    return letters_pdf(_papers(session, centre, letters, large_print))


def print_batch(
    session: Session,
    centre: Centre,
    letters: Sequence[Exchange],
    *,
    number: int,
    made_at: datetime,
    large_print: bool = False,
) -> bytes:
    """The same, after a slip that lists them."""
    papers = _papers(session, centre, letters, large_print)
    return letters_pdf(papers, slip=SlipPaper(number=number, made=in_words(made_at), centre=centre.name))


def _papers(
    session: Session, centre: Centre, letters: Sequence[Exchange], large_print: bool
) -> list[LetterPaper]:
    return [_paper(session, centre, letter, large_print) for letter in letters]


def _paper(session: Session, centre: Centre, letter: Exchange, large_print: bool) -> LetterPaper:
    case = case_by_id(session, letter.case_id) if letter.case_id is not None else None
    street, _, town = centre.address.rpartition(", ")
    return LetterPaper(
        centre=centre.name,
        centre_lines=tuple(line for line in (street, town, centre.phone, centre.email) if line),
        place=town.lstrip("0123456789 "),
        day=in_words(letter.occurred_at),
        reference=case.reference if case else "",
        to_lines=_address(letter.recipient),
        subject=letter.subject,
        body=letter.body,
        signature=_signature(session, centre, letter, case),
        large_print=large_print or _reads_large(session, letter),
    )


def _address(recipient: str) -> tuple[str, ...]:
    """Six lines at most; the town is the last and stays, whatever must go."""
    lines = [line.strip() for line in recipient.splitlines() if line.strip()]
    return tuple(lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], lines[-1]])


def _reads_large(session: Session, letter: Exchange) -> bool:
    return letter.contact_id is not None and support_needs(session, letter.contact_id).large_print


def _signature(session: Session, centre: Centre, letter: Exchange, case: CaseSheet | None) -> tuple[str, ...]:
    """Who wrote it, else who has the demand in hand, else the service: never a letter from nobody."""
    agent_id = letter.agent_id or (case.accepted_by_id if case else None)
    if agent_id is not None and (lines := signature_of(session, agent_id)):
        return lines
    unit = unit_card(session, case.unit_id) if case and case.unit_id is not None else None
    if unit is None:
        return (centre.name, centre.address, centre.phone)
    told = (unit.name, unit.organization_name, unit.address, unit.phone)
    return tuple(line for line in told if line)
