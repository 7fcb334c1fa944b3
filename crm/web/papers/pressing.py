"""How a call back stands to the moment it was promised for."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.http import gettext as _
from crm.http import ngettext

_SOON = timedelta(hours=1)


def pressing_words(promised_at: datetime | None, now: datetime) -> tuple[str, str]:
    """A tone and its words; both empty when nothing presses."""
    if promised_at is None:
        return "", ""
    left = promised_at - now
    if left > _SOON:
        return "", ""
    if left >= timedelta():
        return "warn", _("à faire avant %(how_long)s", how_long=_length(left))
    return "danger", _("en retard de %(how_long)s", how_long=_length(-left))


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)d heure", "%(num)d heures", minutes // 60)
    return ngettext("%(num)d jour", "%(num)d jours", minutes // (24 * 60))
