"""The clock keeps the board's counters, and mends aloud what somebody put wrong."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm.reporting import HourlyVolume
from crm.wiring import Wiring
from workers.timetable import TASKS, Task


def _task(name: str) -> Task:
    (found,) = (task for task in TASKS if task.name == name)
    return found


def test_a_wrong_counter_is_mended_and_said_aloud(wired: Wiring, capsys: pytest.CaptureFixture[str]) -> None:
    _task("keep_volumes").do(wired)
    with wired.engine.begin() as connection:
        last = connection.scalar(sa.select(sa.func.max(HourlyVolume.hour)))
        whole = sa.and_(HourlyVolume.hour == last, HourlyVolume.channel == "")
        before = connection.scalar(sa.select(HourlyVolume.opened).where(whole))
        connection.execute(sa.update(HourlyVolume).where(whole).values(opened=9_999))
    _task("check_volumes").do(wired)
    assert "volumes_repaired" in capsys.readouterr().out
    with wired.sessions() as session:
        assert session.scalar(sa.select(HourlyVolume.opened).where(whole)) == before
    _task("check_volumes").do(wired)
    assert "volumes_repaired" not in capsys.readouterr().out
