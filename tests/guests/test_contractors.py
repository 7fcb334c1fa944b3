"""A contractor works by its link: the verbs of its own account, its own clock, what usagers contested."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from crm.access import Permission, allows
from crm.attachments import Evidence, check_file, files_of_case, has_evidence, stage_file
from crm.cases import contest_case, one_case
from crm.foundation import FrozenClock, Invalid, NotFound, UnitOfWork
from crm.foundation.settings import Files
from crm.guests import Answer, GuestSheet, contractor_report, one_link, send_work
from crm.staff import Unit
from tests import given
from tests.acting import act, in_days
from tests.given import Town
from tests.guests.outside import answers, asking, case_of, holder

BOSS = given.actor("supervisor", id=2)


@pytest.fixture
def sent(uow: UnitOfWork, town: Town) -> Callable[..., GuestSheet]:
    """A case entrusted to a contractor, and its link."""
    these = sa.update(Unit).where(Unit.id == town.roads)
    uow.session.execute(these.values(operation="contractor", email="chantier@routes.example"))

    def send(**told: object) -> GuestSheet:
        reference = given.open_case(uow, town.book)
        return one_link(uow.session, send_work(uow, reference, asking(uow, unit_id=town.roads, **told)))

    return send


def _photo(uow: UnitOfWork, link: GuestSheet) -> str:
    held = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(held, "JPEG")
    checked = check_file(BytesIO(held.getvalue()), "fait.jpg", Files())
    acting, uow.actor = uow.actor, holder(link)
    token = stage_file(uow, one_case(uow.session, acting, link.case.reference), checked)
    uow.actor = acting
    return token


def test_taken_dated_done_with_its_photo(
    uow: UnitOfWork, town: Town, sent: Callable[..., GuestSheet]
) -> None:
    link = sent()
    answers(uow, town, link, Answer.TAKEN, text="")
    assert case_of(uow, link).state == "in_progress"
    answers(uow, town, link, Answer.PLANNED, text="", planned_on=in_days(uow, 3))
    assert (case_of(uow, link).state, case_of(uow, link).planned_on) == ("scheduled", in_days(uow, 3))
    answers(uow, town, link, Answer.DONE, text="Rebouché à chaud.", files=(_photo(uow, link),))
    # then
    case = case_of(uow, link)
    assert (case.state, case.outcome) == ("resolved", "F")
    (photo,) = files_of_case(uow.session, case.id)
    assert (photo.evidence, photo.is_internal, photo.added_by) == ("after", True, "guest")
    assert has_evidence(uow.session, case.id, Evidence.AFTER)
    with pytest.raises(NotFound):
        answers(uow, town, link, Answer.DONE, text="Encore.")


def test_a_day_that_is_past_or_missing_is_refused(
    uow: UnitOfWork, town: Town, sent: Callable[..., GuestSheet]
) -> None:
    link = sent()
    for day, why in ((None, "required"), (in_days(uow, -1), "past")):
        with pytest.raises(Invalid) as refusal:
            answers(uow, town, link, Answer.PLANNED, text="", planned_on=day)
        assert refusal.value.fields == {"planned_on": why}


def test_refused_it_goes_back_to_the_centre(
    uow: UnitOfWork, town: Town, sent: Callable[..., GuestSheet]
) -> None:
    link = sent()
    answers(uow, town, link, Answer.REFUSED, text="Hors de notre marché.")
    case = case_of(uow, link)
    assert (case.state, case.unit_id, case.bounce_count) == ("registered", None, 1)


def test_entrusted_elsewhere_the_link_is_over(
    uow: UnitOfWork, town: Town, sent: Callable[..., GuestSheet]
) -> None:
    link = sent()
    act(uow, town.book, link.case.reference, "route", unit_id=town.lighting)
    with pytest.raises(NotFound):
        answers(uow, town, link, Answer.TAKEN)


def test_a_second_link_replaces_the_first(
    uow: UnitOfWork, town: Town, sent: Callable[..., GuestSheet]
) -> None:
    first = sent()
    second = one_link(uow.session, send_work(uow, first.case.reference, asking(uow, unit_id=town.roads)))
    with pytest.raises(NotFound):
        answers(uow, town, first, Answer.TAKEN)
    answers(uow, town, second, Answer.TAKEN)


def test_only_a_contractor_is_sent_work(uow: UnitOfWork, town: Town) -> None:
    with pytest.raises(Invalid) as refusal:
        send_work(uow, given.open_case(uow, town.book), asking(uow, unit_id=town.roads))
    assert refusal.value.fields == {"organization": "not_a_contractor"}


def test_a_contractor_by_link_reaches_its_unit_alone_and_never_closes(
    sent: Callable[..., GuestSheet], town: Town
) -> None:
    actor = holder(sent())
    assert (actor.unit_ids, actor.roles) == (frozenset({town.roads}), frozenset({"guest_worker"}))
    assert not allows(actor, Permission.CASE_CLOSE) and not allows(actor, Permission.CONTACT_VIEW)


def test_the_report_counts_what_was_in_time_late_and_contested(
    uow: UnitOfWork, town: Town, clock: FrozenClock, sent: Callable[..., GuestSheet]
) -> None:
    fine, contested, waiting = sent(), sent(), sent()
    for link in (fine, contested):
        answers(uow, town, link, Answer.DONE, text="Fait.", no_photo="De nuit.")
    uow.write_events()
    uow.now += timedelta(days=9)
    contest_case(uow, town.book, contested.case.reference, "Le trou est toujours là.")
    uow.write_events()
    # then
    (line,) = contractor_report(uow.session, BOSS, uow.now - timedelta(days=90), uow.now)
    assert (line.sent, line.done, line.in_time, line.late, line.contested) == (3, 2, 2, 1, 1)
    assert one_link(uow.session, waiting.id).is_late(uow.now)
    others = given.actor("team_lead", unit=town.lighting)
    assert contractor_report(uow.session, others, uow.now - timedelta(days=90), uow.now) == []
