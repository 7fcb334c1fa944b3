"""The ways out and in: one port, one adapter a file; and the papers we print."""

from crm.channels.arrivals import Arrival, Forged, Hook, JoinedFile, Nature, Receiver, Understood, Unreadable
from crm.channels.mail_text import mail_domain
from crm.channels.open import open_channels, open_receivers
from crm.channels.papers import LetterPaper, ReceiptPaper, case_pdf, letters_pdf, receipt_pdf
from crm.channels.port import Channel, Limits, Outbound, Refused, Sender

__all__ = [
    "Arrival",
    "Channel",
    "Forged",
    "Hook",
    "JoinedFile",
    "LetterPaper",
    "Limits",
    "Nature",
    "Outbound",
    "ReceiptPaper",
    "Receiver",
    "Refused",
    "Sender",
    "Understood",
    "Unreadable",
    "case_pdf",
    "letters_pdf",
    "mail_domain",
    "open_channels",
    "open_receivers",
    "receipt_pdf",
]
