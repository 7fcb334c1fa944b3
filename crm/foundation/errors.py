"""Refusals in domain words. `code` is stable: tests, machines and wordings key on it."""

from __future__ import annotations

from collections.abc import Mapping


class CrmError(Exception):
    """A refusal that the person who asked can understand and act on."""

    code = "error"

    def __init__(self, **details: object) -> None:
        super().__init__(f"{self.code} {details}" if details else self.code)
        self.details = details


class NotFound(CrmError):
    """It does not exist, or the actor may not know that it does."""

    code = "not_found"


class NotAllowed(CrmError):
    """The actor sees the record but may not do this to it."""

    code = "not_allowed"


class Conflict(CrmError):
    """Somebody else changed the record since the actor saw it."""

    code = "conflict"


class IllegalStep(CrmError):
    """The lifecycle has no such step from the present state."""

    code = "illegal_step"


class Invalid(CrmError):
    """What was given cannot be accepted. `fields` maps a field's name to the code of its reason."""

    code = "invalid"

    def __init__(self, fields: Mapping[str, str], **details: object) -> None:
        super().__init__(fields=dict(fields), **details)
        self.fields = dict(fields)


class Unavailable(CrmError):
    """A server we rely on does not answer; trying again later may work."""

    code = "unavailable"
