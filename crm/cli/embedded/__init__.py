"""Servers that run under var/ when no setting names a real one: PostgreSQL, Redis, a mail sink."""

from crm.cli.embedded.launching import CannotStart, free_port
from crm.cli.embedded.mail import outbox
from crm.cli.embedded.notes import Note, alone, read_note
from crm.cli.embedded.processes import Process, descendants, identify
from crm.cli.embedded.servers import KINDS, Embedded, Kind, needed

__all__ = [
    "KINDS",
    "CannotStart",
    "Embedded",
    "Kind",
    "Note",
    "Process",
    "alone",
    "descendants",
    "free_port",
    "identify",
    "needed",
    "outbox",
    "read_note",
]
