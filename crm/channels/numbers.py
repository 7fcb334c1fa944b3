"""Numbers and moments as networks write them, brought to one form."""

from __future__ import annotations

from datetime import UTC, datetime

import phonenumbers

_REGION = "FR"


def e164(said: object) -> str:
    """`0612345678`, `33612345678`, `tel:+336…`, `sip:+336…@operator` → `+33612345678`; empty when hidden.

    A short number of the house (`4012`) has no such form: `~4012`, as contacts keep those that no plan knows.
    """
    text = str(said or "").strip().lower().removeprefix("tel:").removeprefix("sip:").partition("@")[0]
    digits = "".join(mark for mark in text if mark.isascii() and mark.isdigit())[:40]
    if len(digits) < 2:
        return ""  # « anonymous », « withheld », « 0 »
    for typed in (text, f"+{digits}"):
        try:
            number = phonenumbers.parse(typed[:60], _REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number) and len(digits) > 6:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"~{digits}"


def moment(said: object) -> datetime | None:
    """ISO 8601 with its zone, or seconds since 1970; None for what is neither."""
    try:
        if isinstance(said, int | float) and not isinstance(said, bool):
            return datetime.fromtimestamp(said, UTC)
        told = datetime.fromisoformat(str(said))
    except (ValueError, OverflowError, OSError):
        return None
    return told.astimezone(UTC) if told.tzinfo else None
