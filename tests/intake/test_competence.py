"""Who is competent is said at once; whoever is not is named, and nothing is promised that nobody keeps."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.catalogue.models import CategoryRow
from crm.foundation import EventRow, UnitOfWork
from crm.intake import PlaceGiven
from crm.interactions import exchanges
from crm.staff import Unit
from tests import given
from tests.given import Town
from tests.intake.arriving import arrives, kept


def _at(uow: UnitOfWork, **of_street: str) -> PlaceGiven:
    return PlaceGiven(address_id=given.address(uow, given.street(uow, **of_street)))


def test_a_pothole_on_a_street_of_ours_goes_to_the_roads_unit(uow: UnitOfWork, town: Town) -> None:
    case = kept(uow, arrives(uow, town.book, place=_at(uow)))
    assert (case.unit_id, case.state, case.road_owner) == (town.roads, "assigned", "public")
    assert case.place_precision == "exact" and case.insee == given.TOWN
    assert case.routing["reasons"][0]["code"] == "category"


def test_on_a_private_street_we_say_whom_to_contact(uow: UnitOfWork, town: Town) -> None:
    done = arrives(uow, town.book, place=_at(uow, ownership="private"))
    case = kept(uow, done)
    assert (case.state, case.outcome, case.unit_id) == ("closed", "I", None)
    assert done.announced_due_at is None
    assert "Au syndic." in [said.body for said in exchanges(uow.session, case.id)]
    assert case.answered_at == uow.now


def test_outside_the_territory_we_say_so_at_once(uow: UnitOfWork, town: Town) -> None:
    given.commune(uow, "99900", "Ailleurs", is_member=False)
    case = kept(uow, arrives(uow, town.book, place=PlaceGiven(insee="99900")))
    assert (case.state, case.routing["reasons"][0]["code"]) == ("closed", "outside_territory")
    assert case.insee is None


def test_a_place_in_the_sea_is_outside(uow: UnitOfWork, town: Town) -> None:
    case = kept(uow, arrives(uow, town.book, place=PlaceGiven(lon=4.4, lat=43.1)))
    assert (case.state, case.insee, case.unit_id) == ("closed", None, None)
    assert case.routing["reasons"][0]["code"] == "outside_territory"


@pytest.mark.parametrize("what", ["no_rule", "category_unknown", "category_retired", "unit_disabled"])
def test_when_nobody_is_competent_the_case_waits_with_the_reason(
    uow: UnitOfWork, town: Town, what: str
) -> None:
    code = {"no_rule": "VIE-01", "category_unknown": None}.get(what, "VOIR-01")
    if what == "category_retired":
        uow.session.execute(sa.update(CategoryRow).values(is_active=False))
    if what == "unit_disabled":
        uow.session.execute(sa.update(Unit).values(is_active=False))
    case = kept(uow, arrives(uow, given.rulebook(uow), category_code=code))
    assert (case.state, case.unit_id, case.routing["qualify_reason"]) == ("registered", None, what)
    uow.write_events()
    assert (
        uow.session.scalar(
            sa.select(EventRow.data["reason"].astext).where(EventRow.kind == "case.unroutable")
        )
        == what
    )


def test_what_is_said_of_a_replaced_category_is_its_heirs_with_the_answers_that_both_ask(
    uow: UnitOfWork, town: Town
) -> None:
    for code, key in (("ECLA-01", "width"), ("ECLA-01", "mast"), ("VOIR-01", "width")):
        given.question(uow, code, key, "text")
    gone = {"is_active": False, "retired_on": uow.now.date(), "replaced_by": "VOIR-01"}
    uow.session.execute(sa.update(CategoryRow).where(CategoryRow.code == "ECLA-01").values(**gone))
    told = {"width": "un mètre", "mast": "12"}
    done = arrives(uow, given.rulebook(uow), category_code="ECLA-01", answers=told, place=_at(uow))
    case = kept(uow, done)
    assert (case.category_code, case.unit_id, case.answers) == ("VOIR-01", town.roads, {"width": "un mètre"})


def test_what_belongs_to_another_body_is_handed_to_it(uow: UnitOfWork, town: Town) -> None:
    given.routing(uow, {"category_code": "VOIR-01", "decision": "refer", "unit_id": town.lighting})
    case = kept(uow, arrives(uow, given.rulebook(uow)))
    assert (case.state, case.outcome, case.unit_id) == ("closed", "T", town.lighting)
    uow.write_events()
    assert "case.referred" in set(uow.session.scalars(sa.select(EventRow.kind)))


def test_words_that_announce_a_danger_raise_the_priority(uow: UnitOfWork, town: Town) -> None:
    given.question(uow, "VOIR-01", "fallen", "yesno", raises=[{"when": "yes", "priority": 1}])
    urgent = arrives(uow, given.rulebook(uow), answers={"fallen": "yes"})
    usual = arrives(uow, given.rulebook(uow))
    assert kept(uow, urgent).priority == 1
    assert urgent.announced_due_at and usual.announced_due_at
    assert urgent.announced_due_at < usual.announced_due_at
