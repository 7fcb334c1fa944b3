"""Who may say something of a usager."""

from __future__ import annotations

from crm.access import Permission
from crm.foundation import Actor


def right_to_say(actor: Actor) -> Permission:
    """What it takes: a resident says it of themselves, in their own space; an agent, of those they serve."""
    return Permission.CONTACT_OWN if actor.kind == "resident" else Permission.CONTACT_EDIT
