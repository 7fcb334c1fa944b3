"""Links that open a door leave by mail at once, one by one, and only while a mail server answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from crm.channels import Outbound, Refused
from crm.foundation import Unavailable
from crm.wiring import Wiring
from workers.facts import each_undone
from workers.queues import beat_gently


def send_links(wired: Wiring, delivery_ids: Sequence[int], write: Callable[[int], Outbound | None]) -> None:
    """
    Args:
        write: the mail about a fact's subject; None when it is of no use any more.

    Raises:
        Unavailable: no mail leaves for now; what was not sent comes due again, while it is of use.
    """
    channel = wired.channels.get("email")
    if channel is None:
        raise Unavailable(server="smtp", why="channel_closed")
    with channel.open() as sender:
        for fact in each_undone(wired, delivery_ids):
            beat_gently(wired.redis)
            mail = write(fact.subject_id)  # no transaction is open while the server is being called
            if mail is not None:
                with suppress(Refused):  # nobody reads that mailbox: there is nobody to let in
                    sender.send(mail)
