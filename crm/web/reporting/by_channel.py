"""« Délais par canal »: does it take longer for those who call than for those who write?"""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask_babel import format_decimal
from flask_login import current_user

from crm.access import Permission
from crm.http import gettext as _
from crm.http import needs, reading, wiring, wording
from crm.reporting import delays_by_channel
from crm.web.reporting.blueprint import bp

DAYS = 90
_FEW = 5  # below, a percentage says nothing


@bp.get("/canaux")
@needs(Permission.BOARD_VIEW)
def by_channel() -> str:
    since = wiring().clock.now() - timedelta(days=DAYS)
    with reading() as session:
        found = delays_by_channel(session, current_user.actor, since)
    rows = [
        {
            "channel": wording(one.channel, "channel"),
            "answered": one.answered,
            "median": _days(one.median),
            "slow": _days(one.slow) if one.answered >= _FEW else "—",
            "kept": _percent(one.kept) if one.answered >= _FEW else "—",
            "reopened": _percent(one.reopened) if one.answered >= _FEW else "—",
        }
        for one in found
    ]
    return render_template("web/reporting/by_channel.html", rows=rows, days=DAYS, few=_FEW)


def _days(waited: timedelta) -> str:
    return _("%(days)s j", days=format_decimal(round(waited / timedelta(days=1), 1)))


def _percent(share: int | None) -> str:
    return "—" if share is None else _("%(share)s %%", share=share)
