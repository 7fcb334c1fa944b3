"""Do the words of an extract name the usager? Asked before it leaves; the agent decides. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crm.contacts import ContactCard
from crm.foundation import fold

_REACH = re.compile(r"[\w.+-]+@[\w-]+\.\w+|(?:\+33|0)\s?[1-9](?:[ .-]?\d{2}){4}")
_SHORTEST = 3  # « Ba » would be found everywhere


def names_in(texts: Iterable[str], card: ContactCard | None) -> list[str]:
    """What looks like the usager, or like a way to reach anybody, in the order it is met."""
    whole = "\n".join(texts)
    words = set(fold(whole).split())
    names = [card.family_name, card.first_name, card.organization_name] if card else []
    named = [name for name in names if len(name) >= _SHORTEST and set(fold(name).split()) <= words]
    return list(dict.fromkeys([*named, *_REACH.findall(whole)]))
