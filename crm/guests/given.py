"""What an agent gives when they ask outside: to whom, what is shown, what is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from email_validator import EmailNotValidError
from sqlalchemy.orm import Session

from crm.attachments import files_of_case
from crm.cases import CaseSheet
from crm.contacts import normalise_email
from crm.foundation import Invalid, clean
from crm.guests.purposes import LONGEST_DAYS, Purpose

MOST_WORDS = 4_000
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The extract is these words and these files, and nothing else of the case.

    Args:
        email: where the link goes; empty only for a known body that is told by telephone or by letter.
        unit_id: who is asked, when they are known to us.
        order_id: the work order that a contractor's unit owes; None for the whole demand.
        category: in words.
        observed: what was seen there, as the agent chose to say it.
        question: what we want to know, or to be done; for a referral, a word that goes with it.
        files: tokens of files of this very case.
        tells_usager: they are told if the answer is late.
    """

    organization: str
    email: str
    due_on: date
    unit_id: int | None = None
    order_id: int | None = None
    category: str = ""
    place: str = ""
    observed: str = ""
    question: str = ""
    files: tuple[str, ...] = ()
    tells_usager: bool = False


def checked(session: Session, case: CaseSheet, asking: Asking, purpose: Purpose, today: date) -> Asking:
    """The same, storable.

    Raises:
        Invalid: nobody to ask, no question, a day that is past or too far, a file of another case.
    """
    kept = replace(
        asking,
        organization=clean(asking.organization),
        category=clean(asking.category),
        place=clean(asking.place),
        observed=clean(asking.observed),
        question=clean(asking.question),
    )
    wrong = {**_wrong_day(kept.due_on, today), **_wrong_words(kept, purpose)}
    if kept.email.strip() or kept.unit_id is None or purpose is not Purpose.REFERRAL:
        try:
            kept = replace(kept, email=normalise_email(kept.email))
        except EmailNotValidError:
            wrong["email"] = "email" if kept.email.strip() else "required"
    if set(kept.files) - {file.token for file in files_of_case(session, case.id)}:
        wrong["files"] = "unknown"
    if wrong:
        raise Invalid(wrong)
    return replace(kept, organization=kept.organization[:_LONGEST_NAME])


def _wrong_day(due_on: date, today: date) -> dict[str, str]:
    if due_on < today:
        return {"due_on": "past"}
    return {"due_on": "too_far_away"} if (due_on - today).days > LONGEST_DAYS else {}


def _wrong_words(kept: Asking, purpose: Purpose) -> dict[str, str]:
    wrong = {name: "too_long" for name in ("observed", "question") if len(getattr(kept, name)) > MOST_WORDS}
    if not kept.organization:
        wrong["organization"] = "required"
    if not kept.question and purpose is not Purpose.REFERRAL:
        wrong["question"] = "required"
    return wrong
