"""The ways out: one port, one adapter a file, and the papers we print."""

from crm.channels.mail_text import new_message_id
from crm.channels.open import open_channels
from crm.channels.papers import LetterPaper, case_pdf, letter_pdf
from crm.channels.port import Channel, Limits, Outbound, Refused, Sender

__all__ = [
    "Channel",
    "LetterPaper",
    "Limits",
    "Outbound",
    "Refused",
    "Sender",
    "case_pdf",
    "letter_pdf",
    "new_message_id",
    "open_channels",
]
