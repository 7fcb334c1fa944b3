"""Fetches what our mailboxes receive: kept raw first, then moved away in the box, then understood by a job.

Whatever dies between the two steps leaves the mail in the box; fetched again, the database knows it already.
"""

from __future__ import annotations

import signal
import threading

import structlog
from sqlalchemy.exc import DBAPIError

from crm.channels import Box, Waiting, open_box
from crm.foundation import SYSTEM, Settings, Unavailable
from crm.foundation.settings import Mailbox
from crm.inbox import store_inbound
from crm.wiring import Wiring, wire
from workers.facts import reason_of

_log = structlog.get_logger("mailboxes")
CHANNEL = "email"
_AT_ONCE = 20  # moved together, once all of them are kept
_LONGEST_PAUSE = 60.0


class Fetcher:
    """One box, for as long as the programme runs. A server that is away is waited for, longer each time."""

    def __init__(self, wired: Wiring, mailbox: Mailbox, stopping: threading.Event) -> None:
        self._wired, self._mailbox, self._stopping = wired, mailbox, stopping

    def run(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            try:
                with open_box(self._mailbox) as box:
                    _log.info("mailbox_opened", mailbox=self._mailbox.user, at_once=box.tells_at_once)
                    while not self._stopping.is_set():
                        self.fetch(box)
                        pause = 1.0
                        box.wait(self._stopping)
            except (Unavailable, DBAPIError) as lost:
                _log.warning("mailbox_lost", mailbox=self._mailbox.user, error=reason_of(lost))
            except Exception as wrong:  # a fault of ours with one box must not end its thread
                _log.error("mailbox_broke", mailbox=self._mailbox.user, error=type(wrong).__name__)
            self._stopping.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def fetch(self, box: Box) -> int:
        """All that waits. Returns how many mails were new."""
        new, kept = 0, list[Waiting]()
        for mail in box.waiting():
            if self._stopping.is_set():
                break
            arrival = box.take(mail)
            if arrival is not None:
                with self._wired.units.begin(SYSTEM) as uow:
                    new += store_inbound(uow, CHANNEL, arrival) is not None
            kept.append(mail)
            if len(kept) >= _AT_ONCE:
                box.put_away(kept)
                kept = []
        if kept:
            box.put_away(kept)
        return new


def main() -> None:
    settings = Settings.load()
    wired = wire(settings)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threads = [
        threading.Thread(target=Fetcher(wired, mailbox, stopping).run, name=mailbox.user)
        for mailbox in settings.mailboxes
    ]
    for thread in threads:
        thread.start()
    stopping.wait()
    for thread in threads:
        thread.join(timeout=settings.mailboxes[0].timeout_seconds if settings.mailboxes else 1)
    wired.close()


if __name__ == "__main__":
    main()
