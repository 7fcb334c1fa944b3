"""What was asked outside is answered: whoever asked finds it in « Pour moi » and at the bell."""

from __future__ import annotations

from crm.cases import meant_for
from crm.foundation import UnitOfWork
from crm.guests import Answer, GuestSheet, Purpose, one_link
from crm.interactions import one_message
from crm.promises import able_to_read, agents_holding, tell
from crm.staff import actor_of
from crm.wiring import Wiring
from workers.facts import Fact
from workers.jobs.call_out import ring_once_kept


def ring_asker(wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    """Nobody is told of what a rule referred, nor of the answer they noted themselves."""
    link, reply_id = one_link(uow.session, int(fact.data["link_id"])), int(fact.data["interaction_id"])
    if link.asked_by_id is None or one_message(uow.session, reply_id).agent_id == link.asked_by_id:
        return
    asker = actor_of(uow.session, link.asked_by_id)
    asked = [link.asked_by_id] if asker else agents_holding(uow.session, "supervisor")
    whom = able_to_read(uow.session, link.case_id, asked)
    meant_for(uow, link.case_id, reply_id, whom)
    ring_once_kept(wired, uow, tell(uow, whom, _kind(link, fact), link.case_id))


def _kind(link: GuestSheet, fact: Fact) -> str:
    if link.purpose is Purpose.OPINION:
        return "opinion_given"
    return "referral_refused" if fact.data.get("answer") == Answer.REFUSED else "referral_answered"
