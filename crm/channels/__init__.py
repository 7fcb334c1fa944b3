"""The ways out: one port, one adapter a file, and the papers we print."""

from crm.channels.mail_text import mail_domain
from crm.channels.open import open_channels
from crm.channels.papers import LetterPaper, ReceiptPaper, case_pdf, letters_pdf, receipt_pdf
from crm.channels.port import Channel, Limits, Outbound, Refused, Sender

__all__ = [
    "Channel",
    "LetterPaper",
    "Limits",
    "Outbound",
    "ReceiptPaper",
    "Refused",
    "Sender",
    "case_pdf",
    "letters_pdf",
    "mail_domain",
    "open_channels",
    "receipt_pdf",
]
