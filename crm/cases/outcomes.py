"""How a demand may end, and what must be given with each end (reference taxonomy of outcomes)."""

from __future__ import annotations

from enum import StrEnum

from crm.catalogue import Catalogue, Category


class Outcome(StrEnum):
    DONE = "F"
    MADE_SAFE = "FT"  # not an end: the case stays open for the final works
    PLANNED = "P"
    INFORMED = "I"
    REFUSED = "R"
    TRANSMITTED = "T"
    ATTACHED = "D"
    NOTHING_FOUND = "NC"
    PROCEEDINGS = "PV"
    NO_REPLY = "A"
    WITHDRAWN = "X"


# Ends that only the programme gives by itself, or that have a verb of their own: attached to which one?
NOT_CHOSEN = frozenset({Outcome.MADE_SAFE, Outcome.WITHDRAWN, Outcome.TRANSMITTED, Outcome.ATTACHED})


def choosable(known: Catalogue, category: Category | None, *, unanswered: bool = False) -> list[Outcome]:
    """Outcomes to offer: the category's own first, then those that any demand may have.

    Args:
        unanswered: the usager was asked, and let the time pass; else nobody says that they did not reply.
    """
    own = [Outcome(code) for code in (category.outcomes if category else ()) if code in set(Outcome)]
    usual = [Outcome(outcome.code) for outcome in known.outcomes if outcome.for_any]
    untrue = NOT_CHOSEN if unanswered else NOT_CHOSEN | {Outcome.NO_REPLY}
    return [o for o in dict.fromkeys([*own, *usual]) if o not in untrue]


class NoAnswerReason(StrEnum):
    """Why nobody can be answered. Without an answer, one of these is compulsory to close."""

    ANONYMOUS = "anonymous"
    UNREACHABLE = "unreachable"
    SAID_ON_THE_SPOT = "said_on_the_spot"  # answered aloud during the call or at the desk
    DOES_NOT_WISH = "does_not_wish"


class BounceReason(StrEnum):
    WRONG_UNIT = "wrong_unit"
    WRONG_PLACE = "wrong_place"
    WRONG_CATEGORY = "wrong_category"
    NOT_COMPETENT = "not_competent"
    DUPLICATE = "duplicate"
    NOT_ENOUGH = "not_enough"


class ReopenReason(StrEnum):
    NOT_DONE = "not_done"
    PARTLY_DONE = "partly_done"
    CAME_BACK = "came_back"
    MISTAKE = "mistake"
    PLACE_GIVEN = "place_given"  # nothing was found there: the usager says where it is
