"""What an agent reads out on the telephone: no link, nothing that only a letter can say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.cases import CaseState, Outcome, one_case
from crm.catalogue import load_catalogue
from crm.foundation import ROOT, SYSTEM, UnitOfWork
from crm.foundation.settings import Centre
from crm.knowledge import load_replies
from crm.notifications import draft
from tests import given

_CENTRE = Centre(name="Métropole de Rivebois", site_url="https://rivebois.example")


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_no_answer_by_telephone_spells_a_link(uow: UnitOfWork, outcome: str | None) -> None:
    load_catalogue(uow, ROOT / "config" / "catalogue")
    load_replies(uow, ROOT / "config" / "replies")
    given.commune(uow)
    given.routing(uow, {"category_code": "VOIR-01", "unit_id": given.unit(uow)})
    known = {"contact_id": given.contact(uow, phone="06 39 98 00 01"), "answer_channel": "phone"}
    reference = given.open_case(uow, given.rulebook(uow), CaseState.RESOLVED, **known)
    case = replace(one_case(uow.session, SYSTEM, reference), outcome=outcome)
    ready = draft(uow.session, _CENTRE, case, "answer", uow.now)
    assert ready.channel == "phone" and ready.body
    assert "http" not in ready.body and "Répondez à ce message" not in ready.body
    assert "link" not in ready.left_out
