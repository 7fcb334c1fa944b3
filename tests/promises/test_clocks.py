"""The five clocks of a demand: when each begins, when it stops, and what a pause does to it."""

from __future__ import annotations

import pytest

from crm.cases import CaseState, one_case
from crm.contacts import declare_support
from crm.foundation import SYSTEM
from crm.promises import verdict_of
from crm.promises.keeping import clock_of
from tests.promises.house import Promised, paris


def verdicts(promised: Promised, reference: str) -> dict[str, str]:
    now = promised.clock.now()
    return {nature: verdict_of(clock_of(row), now) for nature, row in promised.clocks(reference).items()}


def test_a_new_demand_has_five_clocks_that_run_from_its_reception(promised: Promised) -> None:
    reference = promised.open(received_at=paris("2026-09-11 16:00"))  # entered on Tuesday, received on Friday
    promised.follow()
    due = {nature: row.due_at for nature, row in promised.clocks(reference).items()}
    assert due == {
        "receipt": paris("2026-09-14 18:00"),
        "first_answer": paris("2026-09-18 18:00"),
        "acceptance": paris("2026-09-16 18:00"),  # from Tuesday: the unit had nothing before
        "resolution": paris("2026-09-18 18:00"),
        "answer": paris("2026-09-18 18:00"),
    }
    assert verdicts(promised, reference)["receipt"] == "late"


@pytest.mark.parametrize("channel", ["phone", "phone_relay"])
def test_who_spoke_to_a_person_was_answered_at_once_and_is_owed_no_receipt_by_the_next_day(
    promised: Promised, channel: str
) -> None:
    reference = promised.open(channel=channel)
    promised.follow()
    assert verdicts(promised, reference) == {
        "receipt": "stopped",
        "first_answer": "kept",
        "acceptance": "runs",
        "resolution": "runs",
        "answer": "runs",
    }


def test_nothing_is_owed_to_whom_nobody_can_tell(promised: Promised) -> None:
    reference = promised.open(contact_id=None, answer_channel="none")
    promised.follow()
    found = verdicts(promised, reference)
    assert (found["receipt"], found["first_answer"], found["answer"]) == ("stopped", "stopped", "runs")


def test_each_clock_stops_at_its_own_fact(promised: Promised) -> None:
    reference = promised.open()
    promised.later(hours=2)
    promised.act(reference, "accept")
    promised.later(days=1)
    promised.act(reference, "resolve")
    promised.later(days=8)
    promised.act(reference, "close")
    promised.follow()
    rows = promised.clocks(reference)
    assert rows["acceptance"].met_at == paris("2026-09-15 12:00")
    assert rows["resolution"].met_at == paris("2026-09-16 12:00")
    assert verdicts(promised, reference)["resolution"] == "kept"
    assert verdicts(promised, reference)["answer"] == "missed"


def test_a_unit_that_gives_it_back_owes_nothing_and_the_next_one_has_its_own_time(promised: Promised) -> None:
    reference = promised.open()
    promised.act(reference, "bounce")
    promised.follow()
    assert "acceptance" not in promised.clocks(reference)
    promised.at("2026-09-21 09:00")
    promised.act(reference, "route")
    promised.follow()
    assert promised.clocks(reference)["acceptance"].due_at == paris("2026-09-22 18:00")


def test_an_emergency_runs_day_and_night_and_is_taken_within_half_an_hour(promised: Promised) -> None:
    promised.at("2026-09-19 22:00")  # a Saturday night
    reference = promised.open()
    promised.at("2026-09-19 23:10")
    promised.raise_to_urgent(reference)
    promised.follow()
    rows = promised.clocks(reference)
    assert (rows["acceptance"].due_at, rows["acceptance"].rule) == (
        paris("2026-09-19 23:40"),
        "acceptance_urgent",
    )
    assert rows["resolution"].due_at == paris("2026-09-20 03:10")


def test_waiting_for_the_usager_puts_the_date_off_and_never_the_announced_one(promised: Promised) -> None:
    reference = promised.open()
    promised.follow()
    promised.at("2026-09-17 09:00")
    promised.act(reference, "ask")
    promised.follow()
    assert promised.due_at(reference) == paris("2026-09-22 18:00")  # written, not sent: nothing is paused
    promised.send("question")
    promised.derive(reference)
    assert promised.clocks(reference)["resolution"].next_at is None or promised.due_at(reference) > paris(
        "2026-10-02 00:00"
    )  # nothing is late while we wait, fifteen days at most
    promised.at("2026-09-21 09:00")  # over a week-end: Thursday and Friday were lost, two working days
    promised.act(reference, "reply")
    promised.follow()
    row = promised.clocks(reference)["resolution"]
    assert (row.base_due_at, row.due_at) == (paris("2026-09-22 18:00"), paris("2026-09-24 18:00"))
    assert promised.due_at(reference) == paris("2026-09-24 18:00")
    answer = promised.clocks(reference)["answer"]
    assert answer.base_due_at == paris("2026-09-22 18:00")


def test_derived_twice_it_is_the_same(promised: Promised) -> None:
    reference = promised.open(CaseState.WAITING_REQUESTER)
    promised.send("question")
    promised.derive(reference)
    once = promised.due_at(reference)
    for _ in range(3):
        promised.derive(reference)
    assert promised.due_at(reference) == once


def test_opened_again_it_has_a_new_clock_and_the_first_date_is_still_judged(promised: Promised) -> None:
    reference = promised.open(CaseState.CLOSED)
    promised.follow()
    assert verdicts(promised, reference)["answer"] == "kept"
    promised.at("2026-09-28 09:00")
    promised.act(reference, "reopen")
    promised.follow()
    rows = promised.clocks(reference)
    assert rows["resolution"].rule == "reopened"
    assert rows["resolution"].due_at == paris("2026-10-05 18:00")
    assert rows["answer"].due_at == paris("2026-09-22 18:00")
    assert verdicts(promised, reference)["answer"] == "late"


def test_cancelled_nothing_was_kept_nor_missed(promised: Promised) -> None:
    reference = promised.open()
    promised.act(reference, "cancel")
    promised.follow()
    found = verdicts(promised, reference)
    assert {found["acceptance"], found["resolution"], found["answer"]} == {"stopped"}


def test_who_said_what_they_need_is_taken_in_charge_in_half_the_time_and_waited_for_twice_as_long(
    promised: Promised,
) -> None:
    reference = promised.open()
    promised.follow()
    usual = promised.clocks(reference)["acceptance"]
    with promised.units.begin(SYSTEM) as uow:
        declare_support(uow, one_case(uow.session, SYSTEM, reference).contact_id or 0, ["reading"])
    promised.derive(reference)
    sooner = promised.clocks(reference)["acceptance"]
    assert usual.started_at < sooner.due_at < usual.due_at and sooner.rule == "acceptance_adapted"
    promised.at("2026-09-17 09:00")
    promised.act(reference, "ask")
    promised.send("question")
    promised.derive(reference)
    assert promised.due_at(reference) > paris("2026-10-17 00:00")  # thirty days, not fifteen
