"""Settings of what agents show at the door."""

from __future__ import annotations

from datetime import date

from crm.foundation.spans import Section


class SecondFactor(Section):
    """What agents show besides their password. Whoever has one is asked for it, whatever is set here.

    Args:
        roles: those who must have one; in a demonstration nobody must.
        since: they make it at their first log-in from that day on; empty: from now on.
        of_vouched_too: whoever an identity provider vouches for is asked as well.
    """

    roles: tuple[str, ...] = ("supervisor", "config_admin")
    since: date | None = None
    of_vouched_too: bool = False
