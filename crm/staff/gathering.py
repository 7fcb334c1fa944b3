"""Several values read at once: all that is wrong with them is told together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm.foundation import Invalid


def gathered(**reads: Callable[[], Any]) -> dict[str, Any]:
    """What each of them read, by its name.

    Raises:
        Invalid: of all those that refused.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, read in reads.items():
        try:
            found[name] = read()
        except Invalid as refusal:
            wrong |= refusal.fields
    if wrong:
        raise Invalid(wrong)
    return found
