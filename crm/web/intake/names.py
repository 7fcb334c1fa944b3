"""A name said in one breath."""

from __future__ import annotations


def split_name(typed: str) -> tuple[str, str]:
    """First name and family name: the last word is the family's, « Diallo » alone is one."""
    first, _space, last = typed.strip().rpartition(" ")
    return first, last
