"""Whoever asks for a demand proves that it is theirs, by something they gave us."""

from __future__ import annotations

import hmac
import re

from sqlalchemy.orm import Session

from crm.cases import Follower, followers, tracked_case
from crm.contacts import owners_of_point
from crm.foundation import clean

_NOBODY = 0
_POSTCODE = re.compile(r"\d{5}")


def token_for(session: Session, reference: str, given: str) -> str | None:
    """The secret address of the demand, or of whoever follows it; None otherwise.

    An unknown reference and a wrong proof are told apart by nothing.

    The same statements are run either way, so that even the time taken says nothing.

    Args:
        given: an e-mail, a number, the postcode of the usager or of the place.
    """
    proof = clean(given)
    case = tracked_case(session, reference)
    people = followers(session, case.id if case else _NOBODY)
    contact_id = case.contact_id if case and case.contact_id is not None else _NOBODY
    owners = owners_of_point(session, [contact_id, *(one.contact_id or _NOBODY for one in people)], proof)
    owned = contact_id in owners
    placed = hmac.compare_digest(_postcode(proof).encode(), _postcode(case.postcode if case else "").encode())
    if case and (owned or (placed and _postcode(proof) != "")):
        return case.public_token
    return _follower_s(people, owners) if _postcode(proof) == "" else None


def _follower_s(people: list[Follower], owners: set[int]) -> str | None:
    """Of who follows: an e-mail or a number. A postcode would open the page of any neighbour who does."""
    return next((one.token for one in people if one.contact_id in owners), None)


def _postcode(text: str | None) -> str:
    return text if text and text.isascii() and _POSTCODE.fullmatch(text) else ""
