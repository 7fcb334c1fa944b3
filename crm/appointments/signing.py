"""The resident's link to their appointment."""

from __future__ import annotations

from crm.foundation import LinkSigner

_LINKS = LinkSigner("appointment")
signed_appointment, appointment_signed = _LINKS.sign, _LINKS.read
