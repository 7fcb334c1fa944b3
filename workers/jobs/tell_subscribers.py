"""Webhooks out: who is to be told of a fact, then the telling itself, one subscriber after the other.

Facts of one demand reach a subscriber in their order: one that does not get through holds the later ones.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa
import structlog

from crm.channels import Refused
from crm.channels.guard import public_address
from crm.channels.outside import call
from crm.foundation import SYSTEM, Delivery, Unavailable, UnitOfWork
from crm.webhooks import (
    ToSend,
    as_bytes,
    give_back,
    mark_told,
    mark_untold,
    payload,
    prepare_sendings,
    quieten,
    signed,
    stop_sending,
    to_send,
)
from crm.wiring import Wiring
from workers.facts import Fact, reason_of
from workers.queues import beat_gently

_log = structlog.get_logger("tell_subscribers")
_LOCKS = 7_306 << 40  # with the subscription's id: one worker at a time tells a subscriber, or order is lost
_LONGEST_SECONDS = 30.0  # then the rest comes due again: a slow subscriber must not hold up the mail
_GIVE_UP_AFTER = 3  # failures in a row: it is down
_QUIET = timedelta(minutes=1)
_HELD = timedelta(days=1)  # what waits for an earlier fact is freed when that one gets through
_SOON = timedelta(seconds=20)
_PATIENCE_SECONDS = 10.0
_MOST_BYTES = 16 * 1024
_GONE = 410


def prepare_webhooks(_wired: Wiring, uow: UnitOfWork, fact: Fact) -> None:
    event_id = uow.session.scalar(sa.select(Delivery.event_id).where(Delivery.id == fact.delivery_id)) or 0
    prepare_sendings(uow, event_id, kind=fact.kind, case_id=fact.subject_id, data=fact.data, at=uow.now)


def tell_subscribers(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    with wired.units.reading() as session:
        due = to_send(session, delivery_ids)
    until = time.monotonic() + _LONGEST_SECONDS
    for subscription_id in sorted({one.subscription_id for one in due}):
        ids = [one.delivery_id for one in due if one.subscription_id == subscription_id]
        with _alone(wired, subscription_id) as alone:
            if alone:
                _Round(wired, subscription_id, ids, until).go()
            else:
                _put_off(wired, ids, _SOON)


@contextmanager
def _alone(wired: Wiring, subscription_id: int) -> Iterator[bool]:
    """A lock that lives as long as its connection: it goes with a worker that dies."""
    lock = sa.literal(_LOCKS + subscription_id, sa.BigInteger)
    with wired.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(lock))))
        try:
            yield taken
        finally:
            if taken:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(lock)))


def _put_off(wired: Wiring, delivery_ids: Collection[int], for_: timedelta) -> None:
    if delivery_ids:
        with wired.units.begin(SYSTEM) as uow:
            give_back(uow, delivery_ids, uow.now + for_)


class _Round:
    """What is due to one subscriber, in order."""

    def __init__(self, wired: Wiring, subscription_id: int, ids: Sequence[int], until: float) -> None:
        self._wired = wired
        self._until = until
        self._in_a_row = 0
        self._held: set[int] = set()  # cases of which a fact did not get through
        self._units = {card.id: card.code for card in wired.rulebooks.units().values()}
        with wired.units.reading() as session:  # read again: it is ours alone now
            self._due = to_send(session, ids, subscription_id)

    def go(self) -> None:
        waiting, not_tried = [], []
        for one in self._due:
            beat_gently(self._wired.redis)
            if not one.is_active:
                self._stop(one, "subscription_stopped")
            elif self._is_quiet(one) or time.monotonic() > self._until:
                not_tried.append(one.delivery_id)
            elif one.case_id in self._held or (one.is_held and not self._reached(one)):
                waiting.append(one.delivery_id)
            else:
                self._tell(one)
        _put_off(self._wired, waiting, _HELD)
        _put_off(self._wired, not_tried, _QUIET)

    def _is_quiet(self, one: ToSend) -> bool:
        asked = one.quiet_until is not None and one.quiet_until > self._wired.clock.now()
        return asked or self._in_a_row >= _GIVE_UP_AFTER

    def _reached(self, one: ToSend) -> bool:
        """An earlier fact stood in the way when this round began; it may have got through since."""
        with self._wired.units.reading() as session:
            now = to_send(session, [one.delivery_id])
        return bool(now) and not now[0].is_held

    def _tell(self, one: ToSend) -> None:
        """No transaction is open while the subscriber is being called."""
        try:
            status = self._call(one)
        except Refused as told:
            return self._stop(one, told.reason)  # its address is none that may be called: later ones neither
        except Unavailable as told:
            return self._failed(one, reason_of(told))
        if 200 <= status < 300:
            self._in_a_row = 0
            with self._wired.units.begin(SYSTEM) as uow:
                mark_told(uow, one)
            return None
        if status == _GONE:
            with self._wired.units.begin(SYSTEM) as uow:
                quieten(uow, one.subscription_id, uow.now, close=True)
            return self._stop(one, "http_410")
        return self._failed(one, f"http_{status}")

    def _call(self, one: ToSend) -> int:
        settings = self._wired.settings
        body = as_bytes(payload(one, self._units))
        secret = settings.secret_key.get_secret_value()
        headers = signed(secret, one.salt, one.message_id, self._wired.clock.now(), body)
        to = public_address(one.url, trusted=settings.outside.trusted_hosts)
        return call(
            to, method="POST", headers=headers, body=body, seconds=_PATIENCE_SECONDS, most_bytes=_MOST_BYTES
        ).status

    def _stop(self, one: ToSend, reason: str) -> None:
        with self._wired.units.begin(SYSTEM) as uow:
            stop_sending(uow, one, reason)

    def _failed(self, one: ToSend, reason: str) -> None:
        self._in_a_row += 1
        self._held.add(one.case_id)
        _log.warning("subscriber_not_told", subscription=one.subscription_id, sending=one.id, error=reason)
        with self._wired.units.begin(SYSTEM) as uow:
            mark_untold(uow, one, reason)
            if self._in_a_row >= _GIVE_UP_AFTER:
                quieten(uow, one.subscription_id, uow.now + _QUIET)
