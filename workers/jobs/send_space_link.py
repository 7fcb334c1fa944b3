"""Sends the link of a resident’s space. It is signed as it leaves: no table and no screen ever holds it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from crm.channels import Outbound, mail_domain
from crm.knowledge import choose, fill, reply_templates
from crm.notifications import in_words
from crm.space import LinkToSend, link_to_send, signed_link
from crm.wiring import Wiring
from workers.jobs.leaving_links import send_links


def send_space_links(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """Raises Unavailable."""
    send_links(wired, delivery_ids, partial(_mail, wired))


def _mail(wired: Wiring, link_id: int) -> Outbound | None:
    with wired.units.reading() as session:
        link = link_to_send(session, link_id, wired.clock.now())
        templates = reply_templates(session, "space_link")
    template = choose(templates, "space_link", channel="email")
    if link is None or template is None:
        return None
    filled = fill(template, _values(wired, link))
    domain = mail_domain(wired.settings.mail.sender)
    return Outbound(
        id=link.id,
        recipient=link.email,
        subject=filled.subject,
        body=filled.body,
        message_id=f"<space-{link.id}@{domain}>",  # sent twice, it is one mail for most readers
    )


def _values(wired: Wiring, link: LinkToSend) -> dict[str, str]:
    centre = wired.settings.centre
    token = signed_link(wired.settings.secret_key.get_secret_value(), link.id)
    return {
        "link": f"{centre.site_url.rstrip('/')}/mon-espace/entrer/{token}",
        "today": in_words(wired.clock.now()),
        "centre_phone": centre.phone,
        "centre_hours": centre.hours,
    }
