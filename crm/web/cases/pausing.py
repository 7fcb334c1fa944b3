"""What we wait for from the usager, and whether our delay stands still meanwhile, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from crm.cases import CaseSheet, CaseState
from crm.deadlines import LONGEST_PAUSE, MOST_PAUSES, URGENT
from crm.http import gettext as _
from crm.http import wiring, wording
from crm.http.dates import day
from crm.interactions import Exchange
from crm.trail import TrailEntry


def pause_of(case: CaseSheet, facts: Sequence[TrailEntry], said: Sequence[Exchange]) -> str:
    """« Une pièce manquante. Délai en pause jusqu’au 3 octobre au plus (pause 1 sur 2). » Empty while nothing
    is asked of the usager. The same rule as `crm.deadlines.pauses`, from what the page has read already.
    """
    asked = [fact for fact in facts if fact.kind == "case.asked"]
    if case.state is not CaseState.WAITING_REQUESTER or not asked:
        return ""
    sent = {one.id: one.sent_at for one in said if one.sent_at is not None}
    left = [fact for fact in asked if int(fact.data["interaction_id"]) in sent]
    what = wording(str(asked[-1].data.get("reason") or "precision"), "pause_reason")
    if case.priority == URGENT:
        return f"{what}. {_('Le délai court : une mise en sécurité n’attend personne.')}"
    if not left or left[-1] is not asked[-1]:
        return f"{what}. {_('Le délai court encore : la question n’est pas partie.')}"
    if len(left) > MOST_PAUSES:
        return f"{what}. {_('Le délai court : deux pauses au plus.')}"
    until = sent[int(asked[-1].data["interaction_id"])] + LONGEST_PAUSE
    if until <= wiring().clock.now():
        return f"{what}. {_('Le délai court de nouveau depuis le %(day)s.', day=day(until))}"
    told = _(
        "Délai en pause jusqu’au %(day)s au plus (pause %(rank)s sur 2).", day=day(until), rank=len(left)
    )
    return f"{what}. {told}"
