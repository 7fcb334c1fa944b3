"""Communes that joined the network over three years; the last one is open, nobody said since when."""

from __future__ import annotations

from datetime import timedelta

from crm.cli.demo.together.people import Stage
from crm.network import MANUAL, decide_go_live, say_done
from crm.territory import communes

_UNDATED = 1
_DAYS_APART = 40


def joined_communes(stage: Stage) -> None:
    """In the order of their codes."""
    admin = stage.who("Yann")
    joining = sorted(one.insee for one in communes(stage.session) if one.is_member)[: -_UNDATED or None]
    opens = [stage.today - timedelta(days=_DAYS_APART * n) for n in range(len(joining), 0, -1)]
    for insee, day in zip(joining, opens, strict=True):
        hours = (stage.today - day).days * 24 + 24
        for step in MANUAL:
            stage.act(hours, admin, say_done, insee, step)
        stage.act(hours, admin, decide_go_live, insee, day, "Calendrier voté en conseil")
