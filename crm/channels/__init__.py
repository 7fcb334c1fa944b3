"""The ways out and in: one port, one adapter a file; and the papers we print."""

from crm.channels.arrivals import Arrival, Forged, Hook, JoinedFile, Nature, Receiver, Understood, Unreadable
from crm.channels.guard import PublicAddress, check_url, public_address
from crm.channels.mail_bounces import is_dead
from crm.channels.mail_box import Box, Waiting, open_box
from crm.channels.mail_text import mail_domain
from crm.channels.mail_threads import ThreadNames, thread_names
from crm.channels.open import open_channels, open_receivers
from crm.channels.outside import Answer, call, fetch
from crm.channels.papers import (
    LetterPaper,
    ReceiptPaper,
    SlipPaper,
    case_pdf,
    letters_pdf,
    receipt_pdf,
    round_pdf,
)
from crm.channels.port import Channel, Enclosure, Limits, Outbound, Refused, Sender
from crm.channels.scans import bundled as bundled_scans
from crm.channels.scans import can_read as can_read_scans
from crm.channels.signing import check_signature, sign
from crm.channels.sms_stop import sms_wish
from crm.channels.sms_text import SmsSize, sms_parts, to_gsm7

__all__ = [
    "Answer",
    "Arrival",
    "Box",
    "Channel",
    "Enclosure",
    "Forged",
    "Hook",
    "JoinedFile",
    "LetterPaper",
    "Limits",
    "Nature",
    "Outbound",
    "PublicAddress",
    "ReceiptPaper",
    "Receiver",
    "Refused",
    "Sender",
    "SlipPaper",
    "SmsSize",
    "ThreadNames",
    "Understood",
    "Unreadable",
    "Waiting",
    "bundled_scans",
    "call",
    "can_read_scans",
    "case_pdf",
    "check_signature",
    "check_url",
    "fetch",
    "is_dead",
    "letters_pdf",
    "mail_domain",
    "open_box",
    "open_channels",
    "open_receivers",
    "public_address",
    "receipt_pdf",
    "round_pdf",
    "sign",
    "sms_parts",
    "sms_wish",
    "thread_names",
    "to_gsm7",
]
