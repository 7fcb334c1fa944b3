"""What those who join a demand are told of where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crm.cases import CaseState, Follower, one_case
from crm.catalogue import load_catalogue
from crm.foundation import ROOT, SYSTEM, UnitOfWork
from crm.foundation.settings import Centre
from crm.knowledge import load_replies
from crm.notifications import compose_joined
from tests import given


def test_who_joins_is_told_the_day_of_the_works_while_it_is_to_come(uow: UnitOfWork) -> None:
    load_catalogue(uow, ROOT / "config" / "catalogue")
    load_replies(uow, ROOT / "config" / "replies")
    given.commune(uow)
    given.routing(uow, {"unit_id": given.unit(uow)})
    case = one_case(uow.session, SYSTEM, given.open_case(uow, given.rulebook(uow), CaseState.ASSIGNED))
    told = []
    for days in (0, -1):
        planned = replace(case, planned_on=uow.now.date() + timedelta(days=days))
        (message,) = compose_joined(uow.session, Centre(), planned, [_joins(uow, case.id)], uow.now)
        told.append("Le service interviendra le" in message.body)
    assert told == [True, False]


def _joins(uow: UnitOfWork, case_id: int) -> Follower:
    return Follower(
        id=1,
        case_id=case_id,
        contact_id=given.contact(uow, family_name="Roux", email="suit@exemple.fr"),
        channel="web",
        answer_channel="email",
        token="token-1",
        since=uow.now,
        left_at=None,
        came_from_id=None,
        is_requester=False,
    )
