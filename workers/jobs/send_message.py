"""Sends queued messages by their channel: one kept connection, what left noted by small groups.

Two workers may be handed the same ids. A lock that lives as long as the database connection says which one
has them; the results go through that same connection, so whoever lost the lock cannot note anything either.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Self, cast

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import sessionmaker

from crm.channels import Channel, Enclosure, Outbound, Refused, Sender, thread_names
from crm.contacts import numbers_refusing_sms
from crm.foundation import SYSTEM, Delivery, Unavailable, UnitOfWork, Units
from crm.guests import with_keys
from crm.interactions import (
    MessageToSend,
    NotSent,
    Sent,
    begin_sending,
    hold_back_excess,
    mark_failed,
    mark_refused,
    mark_sent,
)
from crm.notifications import note_away, note_back
from crm.reactions import REACTIONS
from crm.wiring import Wiring
from workers.facts import UNDONE, reason_of
from workers.jobs import just_sent
from workers.jobs.peace import ANYWAY, leave_in_peace
from workers.jobs.tell_appointment import enclosures
from workers.queues import beat_gently

_log = structlog.get_logger("send_message")
_LOCKS = 7_305 << 40  # with the delivery's id, one advisory lock a delivery
_GIVE_UP_AFTER = 3  # failures in a row: the server is down, not the message wrong
_LONGEST_SECONDS = 240.0  # then the rest comes due again: a slow server must not hold a worker for hours
_GROUP = 50  # messages noted as sent together…
_GROUP_SECONDS = 0.5  # …or before that long: somebody may be looking at « pas encore envoyé »
_MOST_TRIES = 4  # that count while a server is away: the next one is an hour later, and there is always one
SMS_REFUSED = "sms_refused"
_BY_A_PERSON = frozenset({"answer", "question", "information"})  # an agent wrote or reviewed it


def send_messages(wired: Wiring, delivery_ids: Sequence[int]) -> None:
    with _held(wired, delivery_ids) as (units, held):
        if held:
            _Batch.taken(wired, units, held).send()


@contextmanager
def _held(wired: Wiring, delivery_ids: Sequence[int]) -> Iterator[tuple[Units, list[int]]]:
    """A connection of our own, and those of the deliveries that nobody else is at."""
    connection = wired.engine.connect()
    try:
        wanted = sa.func.unnest(sa.cast(list(delivery_ids), sa.ARRAY(sa.BigInteger))).column_valued("id")
        taken = sa.select(wanted, sa.func.pg_try_advisory_lock(sa.literal(_LOCKS, sa.BigInteger) + wanted))
        held = [row[0] for row in connection.execute(taken) if row[1]]
        connection.commit()
        yield Units(sessionmaker(connection, expire_on_commit=False), wired.clock, REACTIONS), held
        connection.rollback()
        connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))
        connection.commit()
    except BaseException:
        connection.invalidate()  # the locks go with it
        raise
    finally:
        connection.close()


def _still_here(wired: Wiring, uow: UnitOfWork, messages: Sequence[MessageToSend]) -> list[MessageToSend]:
    """Without those that a worker sent and died before noting: they are noted now."""
    gone = just_sent.among(wired.redis, [message.message_id for message in messages])
    mark_sent(uow, [Sent(one.id, gone[one.message_id]) for one in messages if one.message_id in gone])
    return [message for message in messages if message.message_id not in gone]


def _within_caps(uow: UnitOfWork, messages: Sequence[MessageToSend]) -> list[MessageToSend]:
    """Without the automatic mails that are one too many for an address and a case: a loop ends there."""
    automatic = [one.id for one in messages if one.channel == "email" and _is_automatic(one)]
    excess = hold_back_excess(uow, automatic, by_a_person=sorted(_BY_A_PERSON))
    if excess:
        _log.warning("automatic_mails_held_back", how_many=len(excess))
    return [message for message in messages if message.id not in excess]


def _to_who_takes_sms(uow: UnitOfWork, messages: Sequence[MessageToSend]) -> list[MessageToSend]:
    """Without SMS to a number that wants none, whoever queued them: they are refused, so that what they
    say is told by the next way.
    """
    sms = {one.id: one.recipient for one in messages if one.channel == "sms"}
    refusing = numbers_refusing_sms(uow.session, set(sms.values()))
    anyway = {one.id for one in messages if one.kind in ANYWAY}
    unwanted = {id_ for id_, number in sms.items() if number in refusing} - anyway
    mark_refused(uow, [NotSent(id_, SMS_REFUSED) for id_ in sorted(unwanted)])
    return [message for message in messages if message.id not in unwanted]


class _Batch:
    def __init__(
        self,
        wired: Wiring,
        units: Units,
        delivery_of: Mapping[int, int],
        messages: Sequence[MessageToSend],
        enclosed: Mapping[int, Enclosure],
    ) -> None:
        """
        Args:
            delivery_of: message → the delivery that asks for it.
            enclosed: message → what goes with it.
        """
        self._wired, self._units = wired, units
        self._delivery_of, self._messages, self._enclosed = delivery_of, messages, enclosed
        self._until = time.monotonic() + _LONGEST_SECONDS
        self._in_a_row = 0
        self._is_away = False
        self._left: list[Sent] = []
        self._left_since = 0.0

    @classmethod
    def taken(cls, wired: Wiring, units: Units, delivery_ids: Sequence[int]) -> Self:
        """What of them leaves now; what is not to be sent is done with. One transaction."""
        with units.begin(SYSTEM) as uow:
            leaving_now = leave_in_peace(wired, uow, delivery_ids)
            facts = uow.session.execute(UNDONE.where(Delivery.id.in_(leaving_now))).all()
            delivery_of: dict[int, int] = {fact.data["interaction_id"]: fact.id for fact in facts}
            begun = begin_sending(uow, list(delivery_of), name=thread_names(wired.settings).message_id)
            messages = _within_caps(uow, _still_here(wired, uow, begun))
            enclosed = enclosures(wired, uow.session, messages)
            messages = _personal(uow, _to_who_takes_sms(uow, messages))
            leaving = {message.id for message in messages}
            # Printed by hand, called by hand, cancelled, or sent already: there is nothing to send.
            _done(uow, [delivery_of[known] for known in delivery_of if known not in leaving])
        return cls(wired, units, delivery_of, messages, enclosed)

    def send(self) -> None:
        by_channel: dict[str, list[MessageToSend]] = defaultdict(list)
        for message in self._messages:
            by_channel[message.channel].append(message)
        for key, messages in by_channel.items():
            channel = self._wired.channels.get(key)
            if channel is None:
                for message in messages:
                    self._failed(message, "channel_closed")
            else:
                self._send_by(channel, messages)

    def _send_by(self, channel: Channel, messages: Sequence[MessageToSend]) -> None:
        self._in_a_row, self._is_away = 0, False
        try:
            with channel.open() as sender:
                for message in messages:
                    self._send_one(sender, message)
                    if self._in_a_row >= _GIVE_UP_AFTER or time.monotonic() > self._until:
                        _log.warning("batch_given_up", channel=channel.label)
                        return
        finally:
            self._note_left()
            if self._is_away:
                self._keep_tries(messages)
                note_away(self._wired.redis, messages[0].channel)
            else:
                note_back(self._wired.redis, messages[0].channel)

    def _send_one(self, sender: Sender, message: MessageToSend) -> None:
        """No transaction is open while the server is being called."""
        beat_gently(self._wired.redis)
        try:
            provider_id = sender.send(_outbound(message, self._enclosed.get(message.id)))
        except Refused as told:
            self._in_a_row, self._is_away = 0, False
            with self._units.begin(SYSTEM) as uow:
                mark_refused(uow, [NotSent(message.id, told.reason)])
                _done(uow, [self._delivery_of[message.id]])
        except Unavailable as told:
            self._is_away = not told.details.get("this_one_only")
            self._in_a_row = self._in_a_row + 1 if self._is_away else 0
            self._failed(message, reason_of(told))
        except Exception as wrong:  # a fault of ours with this message must not hold up those behind it
            self._in_a_row += 1
            _log.error("message_broke", message=message.id, error=reason_of(wrong))
            self._failed(message, reason_of(wrong))
        else:
            self._in_a_row, self._is_away = 0, False
            self._sent(message, provider_id)

    def _sent(self, message: MessageToSend, provider_id: str) -> None:
        if not self._left:
            self._left_since = time.monotonic()
        self._left.append(Sent(message.id, provider_id))
        told = just_sent.keep(self._wired.redis, message.message_id, provider_id)
        if not told or len(self._left) >= _GROUP or time.monotonic() - self._left_since > _GROUP_SECONDS:
            self._note_left()

    def _note_left(self) -> None:
        """What is known as sent, or was cancelled meanwhile, stays as it is; its delivery is done."""
        left, self._left = self._left, []
        if left:
            with self._units.begin(SYSTEM) as uow:
                mark_sent(uow, left)
                _done(uow, [self._delivery_of[one.id] for one in left])

    def _keep_tries(self, messages: Sequence[MessageToSend]) -> None:
        """A server that is away tells nothing of a message: however long it lasts, none is set aside."""
        with self._units.begin(SYSTEM) as uow:
            uow.session.execute(_PATIENT, {"ids": [self._delivery_of[one.id] for one in messages]})

    def _failed(self, message: MessageToSend, reason: str) -> None:
        with self._units.begin(SYSTEM) as uow:
            mark_failed(uow, [NotSent(message.id, reason)])
            uow.session.execute(_FAILED, {"ids": [self._delivery_of[message.id]], "reason": reason})


# Made once, in Core: they run after each message.
_ROWS = cast(sa.Table, Delivery.__table__)
_THESE = _ROWS.c.id == sa.any_(sa.bindparam("ids", type_=postgresql.ARRAY(sa.BigInteger)))
_DONE = sa.update(_ROWS).where(_THESE).values(done_at=sa.bindparam("now", type_=_ROWS.c.done_at.type))
_FAILED = sa.update(_ROWS).where(_THESE).values(last_error=sa.bindparam("reason", type_=sa.Text()))
_PATIENT = sa.update(_ROWS).where(_THESE).values(attempts=sa.func.least(_ROWS.c.attempts, _MOST_TRIES))


def _done(uow: UnitOfWork, delivery_ids: Sequence[int]) -> None:
    if delivery_ids:
        uow.session.execute(_DONE, {"ids": list(delivery_ids), "now": uow.now})


def _is_automatic(message: MessageToSend) -> bool:
    return message.kind not in _BY_A_PERSON


def _personal(uow: UnitOfWork, messages: Sequence[MessageToSend]) -> list[MessageToSend]:
    """With a key of their own for those that carry a guest's link: the text that we keep holds none."""
    keyed = with_keys(uow, {one.id: one.body for one in messages})
    return [replace(one, body=keyed[one.id]) if one.id in keyed else one for one in messages]


def _outbound(message: MessageToSend, enclosure: Enclosure | None) -> Outbound:
    return Outbound(
        id=message.id,
        recipient=message.recipient,
        subject=message.subject,
        body=message.body,
        message_id=message.message_id,
        automatic=_is_automatic(message),
        enclosure=enclosure,
    )
