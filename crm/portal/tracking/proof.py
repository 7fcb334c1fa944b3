"""Whoever asks for a demand proves that it is theirs, by something they gave us."""

from __future__ import annotations

import hmac
import re

from sqlalchemy.orm import Session

from crm.cases import tracked_case
from crm.contacts import owns_point
from crm.foundation import clean

_NOBODY = 0
_POSTCODE = re.compile(r"\d{5}")


def token_for(session: Session, reference: str, given: str) -> str | None:
    """The demand's secret address, or None: unknown reference and wrong proof are told apart by nothing.

    The same statements are run either way, so that even the time taken says nothing.

    Args:
        given: an e-mail, a number, the postcode of the usager or of the place.
    """
    proof = clean(given)
    case = tracked_case(session, reference)
    contact_id = case.contact_id if case and case.contact_id is not None else _NOBODY
    owned = owns_point(session, contact_id, proof)
    placed = hmac.compare_digest(_postcode(proof).encode(), _postcode(case.postcode if case else "").encode())
    return case.public_token if case and (owned or (placed and _postcode(proof) != "")) else None


def _postcode(text: str | None) -> str:
    return text if text and text.isascii() and _POSTCODE.fullmatch(text) else ""
