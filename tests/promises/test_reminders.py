"""Who is reminded of what, and when: each thing once, whatever was stopped or killed in between."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.foundation import SYSTEM
from crm.interactions import Interaction
from crm.promises import give_reminders, reckoning
from crm.promises.choices import Choices
from crm.promises.mailing import is_due
from crm.promises.models import Notice, NoticeChoice
from tests.promises.house import Promised, paris


def open_at_ten(promised: Promised) -> str:
    """Tuesday 15 September, 10:00; due on Tuesday 22 at 18:00."""
    reference = promised.open()
    promised.act(reference, "accept")
    promised.follow()
    return reference


def test_half_then_nine_tenths_then_the_date_then_three_days_later(promised: Promised) -> None:
    lead, supervisor = promised.leads["lead"], promised.leads["supervisor"]
    open_at_ten(promised)
    promised.at("2026-09-18 08:00")
    assert promised.remind() == set()
    for moment, kind, whom in (
        ("2026-09-18 17:00", "resolution_half", lead),
        ("2026-09-22 13:00", "answer_nearly", lead),  # the more pressing of two at one moment
        ("2026-09-22 18:00", "resolution_due", lead),
        ("2026-09-25 18:00", "resolution_overdue", supervisor),
    ):
        promised.at(moment)
        assert whom in promised.remind()
        assert [told for told in promised.told() if told[0] == kind] == [(kind, whom)]
        assert promised.remind() == set()
    assert "resolution_nearly" not in [kind for kind, _who in promised.told()]


def test_a_unit_that_takes_nothing_in_charge_is_told_to_the_supervisor(promised: Promised) -> None:
    promised.open()
    promised.follow()
    promised.at("2026-09-16 18:00")
    promised.remind()
    assert promised.told() == [("acceptance_due", promised.leads["supervisor"])]


def _reminded(promised: Promised, *moments: str) -> list[tuple[str, int]]:
    for moment in moments:
        promised.at(moment)
        promised.remind()
    return promised.told()


def test_once_the_work_is_done_who_may_answer_is_told_that_the_announced_date_passes(
    promised: Promised,
) -> None:
    reference = open_at_ten(promised)
    promised.later(hours=2)
    promised.act(reference, "resolve")
    promised.follow()
    told = _reminded(promised, "2026-09-22 13:00", "2026-09-22 18:00", "2026-09-25 18:00")
    supervisor = promised.leads["supervisor"]  # who leads the unit may not answer
    assert told == [
        ("answer_nearly", supervisor),
        ("answer_due", supervisor),
        ("answer_overdue", supervisor),
    ]


def test_the_date_is_told_once_to_who_leads_though_two_clocks_end_on_it(promised: Promised) -> None:
    open_at_ten(promised)
    told = _reminded(promised, "2026-09-22 17:00", "2026-09-22 18:00", "2026-09-25 18:00")
    assert told[1:] == [
        ("resolution_due", promised.leads["lead"]),
        ("resolution_overdue", promised.leads["supervisor"]),
    ]


def test_nobody_is_asked_to_tell_again_of_a_date_that_was_told_to_be_later(promised: Promised) -> None:
    reference = open_at_ten(promised)
    promised.delay(reference, "2026-10-30")
    promised.follow()
    moments = ("2026-09-22 17:00", "2026-09-22 18:00", "2026-09-25 18:00")
    assert [kind for kind, _who in _reminded(promised, *moments) if kind.startswith("answer")] == []
    promised.act(reference, "resolve")  # but who awaits our answer was first promised it for that day
    promised.follow()
    late = open_at_ten(promised)
    promised.delay(late, "2026-10-30")
    promised.act(late, "resolve")
    promised.follow()
    told = _reminded(promised, "2026-10-05 18:00")
    assert told[-1] == ("answer_due", promised.leads["supervisor"])


def test_who_has_had_no_word_from_a_person_in_five_days_is_told_of_to_who_follows_the_case(
    promised: Promised,
) -> None:
    silent, heard = open_at_ten(promised), open_at_ten(promised)
    for reference in (silent, heard):
        promised.delay(reference, "2026-10-30")
    promised.act(heard, "ask")
    promised.send("question")
    promised.act(heard, "resume")
    with promised.units.begin(SYSTEM) as uow:  # written by a person, not by the programme
        uow.session.execute(sa.update(Interaction).values(agent_id=promised.leads["lead"]))
    for reference in (silent, heard):
        promised.derive(reference)
    told = _reminded(promised, "2026-09-22 18:00")
    assert told == [("first_answer_due", promised.leads["lead"])]


def test_what_was_done_is_in_nobodys_bell_any_more(promised: Promised) -> None:
    reference = open_at_ten(promised)
    other = open_at_ten(promised)
    _reminded(promised, "2026-09-18 17:00")
    assert promised.unread() == 2
    promised.act(reference, "resolve")
    promised.follow()
    assert promised.unread() == 1
    promised.delay(other, "2026-10-30")  # another date is another clock
    promised.follow()
    assert promised.unread() == 0


def test_given_back_nobody_reads_any_more_that_the_unit_did_not_take_it(promised: Promised) -> None:
    reference = promised.open()
    promised.follow()
    _reminded(promised, "2026-09-16 18:00")
    assert promised.unread() == 1
    promised.act(reference, "bounce")
    promised.follow()
    assert promised.unread() == 0


def test_who_slept_through_three_reminders_is_told_of_one(promised: Promised) -> None:
    open_at_ten(promised)
    promised.at("2026-09-23 09:00")
    promised.remind()
    assert [kind for kind, _who in promised.told() if kind.startswith("resolution")] == ["resolution_due"]


def test_killed_before_the_commit_it_begins_again_and_tells_once(
    promised: Promised, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_at_ten(promised)
    promised.at("2026-09-18 17:00")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("crm.promises.reminders.write_clocks", die)
        with pytest.raises(KeyboardInterrupt), promised.units.begin(SYSTEM) as uow:
            give_reminders(uow, reckoning(uow.session))
    assert promised.told() == []
    promised.remind()
    promised.remind()
    assert len(promised.told()) == 1


def test_nobody_is_reminded_while_we_wait_for_the_usager(promised: Promised) -> None:
    reference = open_at_ten(promised)
    promised.at("2026-09-16 09:00")
    promised.act(reference, "ask")
    promised.send("question")
    promised.derive(reference)
    promised.at("2026-09-25 18:00")
    promised.remind()
    assert promised.told() == []


def test_what_was_done_a_moment_ago_reminds_nobody(promised: Promised) -> None:
    reference = open_at_ten(promised)
    promised.at("2026-09-18 17:00")
    promised.act(reference, "resolve")  # and no clock has followed yet
    promised.remind()
    assert promised.told() == []


def test_cases_found_late_as_the_tool_is_installed_flood_nobody(promised: Promised) -> None:
    promised.open(received_at=paris("2026-06-01 10:00"))
    promised.follow()
    promised.remind()
    assert promised.told() == []


def test_a_kind_that_somebody_silenced_is_not_told_to_them(promised: Promised) -> None:
    with promised.units.begin(SYSTEM) as uow:
        uow.session.add(
            NoticeChoice(
                agent_id=promised.leads["lead"],
                mail="never",
                muted=["resolution_half"],
                quiet_from=20,
                quiet_until=8,
            )
        )
    open_at_ten(promised)
    promised.at("2026-09-18 17:00")
    promised.remind()
    with promised.units.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0


@pytest.mark.parametrize(
    ("mail", "oldest", "now", "expected"),
    [
        ("never", "2026-09-01 10:00", "2026-09-15 10:00", False),
        ("at_once", "2026-09-15 09:59", "2026-09-15 10:00", True),
        ("at_once", "2026-09-15 20:30", "2026-09-15 23:00", False),  # quiet hours
        ("at_once", "2026-09-15 20:30", "2026-09-16 08:00", True),
        ("daily", "2026-09-15 09:00", "2026-09-15 18:00", False),
        ("daily", "2026-09-15 09:00", "2026-09-16 07:59", False),
        ("daily", "2026-09-15 09:00", "2026-09-16 08:00", True),
        ("weekly", "2026-09-15 09:00", "2026-09-18 10:00", False),
        ("weekly", "2026-09-15 09:00", "2026-09-21 08:00", True),
    ],
)
def test_a_mail_comes_at_the_rhythm_chosen_and_never_in_quiet_hours(
    mail: str, oldest: str, now: str, expected: bool
) -> None:
    assert is_due(Choices(mail), paris(oldest), paris(now)) is expected
