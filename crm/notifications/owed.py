"""Who is owed which receipt, and why not. Pure: the rules of domain law, in one place to read and to change.

Sources: CRPA L112-3, L112-11, R112-5, R112-9-1, R112-11-1 to -3. `docs/receipts.md` says each in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.cases import CaseSheet
from crm.catalogue import CategoryCard, Manner, coming
from crm.contacts import ContactCard
from crm.deadlines import EARLY, silence_decides_on
from crm.knowledge import ACKNOWLEDGEMENT, REGISTRATION, SILENCE
from crm.notifications.saying import Day, noon

ELECTRONIC = coming(Manner.SENT)
_ON_PAPER_OR_SPOKEN = coming(Manner.ON_PAPER, Manner.SPOKEN)
NOT_OURS = frozenset({"refer", "refuse"})  # what was decided as it was registered
_DEMANDS = frozenset({"report", "complaint"})  # R112-5 speaks of demands; who thanks us asks for nothing
_WRITTEN = frozenset({"email", "sms", "letter"})
_FAVOURABLE = frozenset({"F", "FT", "P", "I", "PV", "D"})


@dataclass(frozen=True, slots=True)
class Owed:
    """`natures` to be sent; when there is none, `why_not` is the code of the rule."""

    natures: tuple[str, ...] = ()
    why_not: str = ""


def is_identified(card: ContactCard | None) -> bool:
    """A name, and an e-mail or a postal address. R112-9-1 wants both: nobody loses by our being wider."""
    if card is None or not (card.family_name or card.organization_name):
        return False
    return card.first("email") is not None or card.first("postal") is not None


def owed(case: CaseSheet, card: ContactCard | None, regime: str) -> Owed:
    """What this demand must receive, from how it came and from what silence would decide."""
    if case.routing.get("kind") in NOT_OURS and case.closed_at is not None:
        return Owed(why_not="referred")  # they were told whose it is; who is competent acknowledges: L114-3
    if not is_identified(card):
        return Owed(why_not="anonymous")
    if case.channel in ELECTRONIC:
        return Owed((REGISTRATION, ACKNOWLEDGEMENT))
    if case.channel not in _ON_PAPER_OR_SPOKEN:
        return Owed(why_not="our_own")  # an agent saw it, nobody asked
    if case.kind not in _DEMANDS:
        return Owed(why_not="no_demand")
    written = case.channel == "letter" or case.answer_channel in _WRITTEN
    if written or regime in SILENCE:
        return Owed((ACKNOWLEDGEMENT,))
    return Owed(why_not="told_aloud")  # reference, service and date were said to them or handed over


def no_longer_owed(case: CaseSheet, regime: str) -> str:
    """Why a receipt that has not left is not owed any more, as a code; empty when it still is."""
    if case.state == "cancelled":
        return "withdrawn"
    if case.outcome == "T":
        return "referred"
    if case.answered_at is None or case.answered_at > case.received_at + EARLY:
        return ""
    return "answered" if regime not in SILENCE or case.outcome in _FAVOURABLE else ""


def silence_values(received_at: datetime, category: CategoryCard | None) -> dict[str, Day]:
    """The day on which silence refuses or accepts, for what silence decides (CRPA L231-1, L231-4)."""
    hole = SILENCE.get(category.decision_regime) if category else None
    if category is None or hole is None:
        return {}
    return {hole: noon(silence_decides_on(received_at, category.decision_months))}
