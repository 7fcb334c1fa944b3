"""Letters of the print queue, as one PDF."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from crm.cases import case_by_id
from crm.channels import LetterPaper, letters_pdf
from crm.foundation.settings import Centre
from crm.interactions import Exchange
from crm.notifications.wording import in_words


def print_letters(
    session: Session, centre: Centre, letters: Sequence[Exchange], *, large_print: bool = False
) -> bytes:
    """The letters one after the other, each on its own sheets, numbered from 1."""
    return letters_pdf([_paper(session, centre, letter, large_print) for letter in letters])


def _paper(session: Session, centre: Centre, letter: Exchange, large_print: bool) -> LetterPaper:
    case = case_by_id(session, letter.case_id) if letter.case_id is not None else None
    street, _, town = centre.address.rpartition(", ")
    return LetterPaper(
        centre=centre.name,
        centre_lines=tuple(line for line in (street, town, centre.phone, centre.email) if line),
        place=town.lstrip("0123456789 "),
        day=in_words(letter.occurred_at),
        reference=case.reference if case else "",
        to_lines=tuple(line.strip() for line in letter.recipient.splitlines() if line.strip())[:6],
        subject=letter.subject,
        body=letter.body,
        large_print=large_print,
    )
