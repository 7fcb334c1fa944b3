"""What the form of a call says besides the demand: dangers said, for whom, how long, why all the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from crm.catalogue import Catalogue, Stop, stops_met
from crm.contacts import NewContact
from crm.foundation import Invalid
from crm.http import whole_number, wording
from crm.intake import Conversation, ForSomebody
from crm.interactions import CallReason
from crm.web.intake.forms import DemandForm
from crm.web.intake.names import split_name

_LONGEST_CALL = 4 * 3600  # seconds: a form left open since this morning is no call
_SHOWN_AS = {
    "family_name": "other_name",
    "first_name": "other_name",
    "phone": "other_reach",
    "email": "other_reach",
}


def conversation_from(
    form: DemandForm, raw: MultiDict[str, str], now: datetime, *, stopped: bool
) -> Conversation:
    return Conversation(
        seconds=seconds_in(raw),
        dangers_said=dangers_said_in(raw, now),
        off_script=(form.off_script.data or "") if stopped else "",
        for_somebody=_for_somebody(form),
    )


def seconds_in(raw: MultiDict[str, str]) -> int | None:
    """How long since the first letter was typed; None when the page could not tell."""
    seconds = whole_number(raw.get("seconds", ""))
    return seconds if seconds and seconds <= _LONGEST_CALL else None


def dangers_said_in(raw: MultiDict[str, str], now: datetime) -> dict[str, datetime]:
    """Code → when « dit et vérifié » was pressed, from the seconds gone since: desks' clocks differ."""
    return {code: now - timedelta(seconds=_ago(raw, code)) for code in raw.getlist("danger_said") if code}


def _ago(raw: MultiDict[str, str], code: str) -> int:
    seconds = whole_number(raw.get(f"ago_{code}", "")) or 0
    return min(seconds, _LONGEST_CALL)


def stops_in(catalogue: Catalogue, category_code: str | None, answers: dict[str, str]) -> list[Stop]:
    category = catalogue.category(category_code) if category_code else None
    return stops_met(category, answers) if category else []


def _for_somebody(form: DemandForm) -> ForSomebody | None:
    if form.for_whom.data not in {"beneficiary", "proxy"}:
        return None
    first, family = split_name(form.other_name.data or "")
    reach = (form.other_reach.data or "").strip()
    email, phone = (reach, "") if "@" in reach else ("", reach)
    contact = NewContact(first_name=first, family_name=family, email=email, phone=phone)
    return ForSomebody(contact=contact, in_their_name=form.for_whom.data == "proxy")


def reasons() -> list[tuple[str, str]]:
    """Why a call makes no demand, in the order of their keys."""
    return [(str(code), wording(code, "call_reason")) for code in CallReason]


def shown_as(refusal: Invalid) -> dict[str, str]:
    """The boxes of this form for what a refusal names."""
    return {_SHOWN_AS.get(name.removeprefix("other_"), name) if name.startswith("other_") else name: code
            for name, code in refusal.fields.items()}  # fmt: skip
