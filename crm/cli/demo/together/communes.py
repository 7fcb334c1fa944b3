"""Communes that joined the network over three years; the last one prepares itself."""

from __future__ import annotations

from datetime import timedelta

from crm.cli.demo.together.people import Stage
from crm.network import MANUAL, decide_go_live, say_done
from crm.territory import communes

_PREPARING = 1
_DAYS_APART = 40


def joined_communes(stage: Stage) -> None:
    """In the order of their codes; the last of them opens in ten working days."""
    admin = stage.who("Yann")
    joining = sorted(one.insee for one in communes(stage.session) if one.is_member)[: -_PREPARING or None]
    opens = [stage.today - timedelta(days=_DAYS_APART * n) for n in range(1, len(joining))][::-1]
    for insee, day in zip(joining, [*opens, stage.day(10)], strict=True):
        hours = max(0, (stage.today - day).days) * 24 + 24
        for step in MANUAL:
            stage.act(hours, admin, say_done, insee, step)
        stage.act(hours, admin, decide_go_live, insee, day, "Calendrier voté en conseil")
