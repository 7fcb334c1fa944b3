"""Sends the link of a resident’s space. It is signed as it leaves: no table and no screen ever holds it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm.channels import Outbound, Refused, Sender, mail_domain
from crm.foundation import SYSTEM, Delivery, Unavailable
from crm.knowledge import choose, fill, reply_templates
from crm.notifications import in_words
from crm.space import LinkToSend, link_to_send, signed_link
from crm.wiring import Wiring
from workers.facts import UNDONE
from workers.queues import beat_gently


def send_space_links(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    """
    Raises:
        Unavailable: no mail leaves for now; what was not sent comes due again, while it is of use.
    """
    with wired.units.reading() as session:
        facts = session.execute(UNDONE.where(Delivery.id.in_(delivery_ids))).all()
    channel = wired.channels.get("email")
    if channel is None:
        raise Unavailable(server="smtp", why="channel_closed")
    with channel.open() as sender:
        for fact in facts:
            beat_gently(wired.redis)
            _send(wired, sender, fact.subject_id)
            done = sa.update(Delivery).where(Delivery.id == fact.id)
            with wired.units.begin(SYSTEM) as uow:
                uow.session.execute(done.values(done_at=uow.now, last_error=None))


def _send(wired: Wiring, sender: Sender, link_id: int) -> None:
    """No transaction is open while the server is being called."""
    with wired.units.reading() as session:
        link = link_to_send(session, link_id, wired.clock.now())
        templates = reply_templates(session, "space_link")
    template = choose(templates, "space_link", channel="email")
    if link is None or template is None:
        return
    filled = fill(template, _values(wired, link))
    domain = mail_domain(wired.settings.mail.sender)
    try:
        sender.send(
            Outbound(
                id=link.id,
                recipient=link.email,
                subject=filled.subject,
                body=filled.body,
                message_id=f"<space-{link.id}@{domain}>",  # sent twice, it is one mail for most readers
            )
        )
    except Refused:
        return  # nobody reads that mailbox: there is nobody to let in


def _values(wired: Wiring, link: LinkToSend) -> dict[str, str]:
    centre = wired.settings.centre
    token = signed_link(wired.settings.secret_key.get_secret_value(), link.id)
    return {
        "link": f"{centre.site_url.rstrip('/')}/mon-espace/entrer/{token}",
        "today": in_words(wired.clock.now()),
        "centre_phone": centre.phone,
        "centre_hours": centre.hours,
    }
