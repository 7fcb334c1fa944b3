"""The link of a message."""

from __future__ import annotations

from crm.foundation import LinkSigner

_LINKS = LinkSigner("space-link")
signed_link, link_signed = _LINKS.sign, _LINKS.read
