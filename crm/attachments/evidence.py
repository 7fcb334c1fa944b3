"""What a picture proves of the work."""

from __future__ import annotations

from enum import StrEnum


class Evidence(StrEnum):
    NONE = "none"
    BEFORE = "before"
    AFTER = "after"
