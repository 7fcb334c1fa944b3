"""Sends the link of a resident’s space. It is signed as it leaves: no table and no screen ever holds it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from crm.channels import Outbound, mail_domain
from crm.notifications import Day, Values, about_no_case
from crm.space import LinkToSend, link_to_send, signed_link
from crm.wiring import Wiring
from workers.jobs.leaving_links import send_links


def send_space_links(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """Raises Unavailable."""
    send_links(wired, delivery_ids, partial(_mail, wired))


def _mail(wired: Wiring, link_id: int) -> Outbound | None:
    with wired.units.reading() as session:
        link = link_to_send(session, link_id, wired.clock.now())
        if link is None:
            return None
        values, centre = _values(wired, link), wired.settings.centre
        ready = about_no_case(session, centre, "space_link", "email", values, language=link.language)
    if not ready.body:
        return None
    domain = mail_domain(wired.settings.mail.sender)
    return Outbound(
        id=link.id,
        recipient=link.email,
        subject=ready.subject,
        body=ready.body,
        message_id=f"<space-{link.id}@{domain}>",  # sent twice, it is one mail for most readers
    )


def _values(wired: Wiring, link: LinkToSend) -> Values:
    site = wired.settings.centre.site_url.rstrip("/")
    token = signed_link(wired.settings.secret_key.get_secret_value(), link.id)
    return {
        "link": f"{site}/mon-espace/entrer/{token}",
        "today": Day(wired.clock.now()),
    }
