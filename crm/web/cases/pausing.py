"""What we wait for from the usager, and whether our delay stands still meanwhile, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from crm.cases import CaseSheet, CaseState
from crm.cases.unanswered import is_unanswered
from crm.deadlines import MOST_PAUSES, URGENT, Pause
from crm.http import gettext as _
from crm.http import wiring, wording
from crm.http.dates import day
from crm.interactions import Exchange
from crm.promises import adapted_by, pauses_of
from crm.trail import TrailEntry, without_taken_back


def pause_of(session: Session, case: CaseSheet, facts: Sequence[TrailEntry], *, needs: bool = False) -> str:
    """« Une pièce manquante. Délai en pause jusqu’au 3 octobre au plus (pause 1 sur 2). » Empty while nothing
    is asked of the usager.
    """
    asked = [fact for fact in without_taken_back(facts) if fact.kind == "case.asked"]
    if case.state is not CaseState.WAITING_REQUESTER or not asked:
        return ""
    what = wording(str(asked[-1].data.get("reason") or "precision"), "pause_reason")
    return f"{what}. {_told(case, pauses_of(session, case.id), needs=needs)}"


def _told(case: CaseSheet, pauses: Sequence[Pause], *, needs: bool) -> str:
    if case.priority == URGENT:
        return _("Le délai court : une mise en sécurité n’attend personne.")
    if not pauses or pauses[-1].until is not None:
        return _("Le délai court encore : la question n’est pas partie.")
    if len(pauses) > MOST_PAUSES:
        return _("Le délai court : deux pauses au plus.")
    if pauses[-1].since >= case.due_at:
        return _("Le délai court : la date était passée quand la question est partie.")
    adapted = adapted_by(wiring().settings.promises)
    until = pauses[-1].since + adapted.longest_pause(needs=needs)
    if until <= wiring().clock.now():
        return _("Le délai court de nouveau depuis le %(day)s.", day=day(until))
    return _(
        "Délai en pause jusqu’au %(day)s au plus (pause %(rank)s sur 2).", day=day(until), rank=len(pauses)
    )


def adapted_in_words() -> str:
    """What is given on a demand whose usager said what support they need."""
    adapted = adapted_by(wiring().settings.promises)
    days, part = adapted.longest_pause(needs=True).days, round(adapted.acceptance_part * 100)
    return _(
        "%(days)s jours pour répondre à nos questions ; prise en charge par le service en %(part)s %% du "
        "temps habituel",
        days=days,
        part=part,
    )


def ended_unanswered(said: Sequence[Exchange], *, needs: bool) -> bool:
    """May it be offered to end for want of an answer?"""
    adapted = adapted_by(wiring().settings.promises)
    return is_unanswered(said, wiring().clock.now(), adapted, needs=needs)
