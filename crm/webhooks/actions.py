"""What an administrator does: subscribe somebody, change it, give a new secret, send again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from crm.access import Permission, require
from crm.channels import Refused
from crm.channels.guard import check_url
from crm.foundation import Conflict, Delivery, EventRow, Invalid, NotFound, UnitOfWork, clean
from crm.webhooks.events import SecretRenewed, SubscriptionChanged, SubscriptionMade, WebhookDue
from crm.webhooks.models import Sending, Subscription
from crm.webhooks.preparing import KINDS
from crm.webhooks.signing import new_salt

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionGiven:
    """
    Args:
        url: HTTPS, unless its host is trusted by the operator.
        unit_id: to be told of this unit's cases alone.
    """

    name: str
    url: str
    kinds: Collection[str]
    unit_id: int | None = None
    is_active: bool = True


def make_subscription(uow: UnitOfWork, given: SubscriptionGiven, *, trusted: Collection[str] = ()) -> str:
    """Returns the salt of its secret, which is shown this once.

    Raises:
        Invalid: names each wrong field.
    """
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    kept = _checked(given, trusted)
    row = Subscription(salt=new_salt(), created_at=uow.now, **kept)
    uow.session.add(row)
    uow.session.flush()
    uow.record(SubscriptionMade(subject_id=row.id))
    return row.salt


def change_subscription(
    uow: UnitOfWork,
    subscription_id: int,
    given: SubscriptionGiven,
    *,
    seen_version: int,
    trusted: Collection[str] = (),
) -> None:
    """
    Raises:
        NotFound, Invalid.
        Conflict: a colleague changed it meanwhile.
    """
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    row = _held(uow, subscription_id)
    if row.version != seen_version:
        raise Conflict(seen=seen_version, current=row.version)
    for name, value in _checked(given, trusted).items():
        setattr(row, name, value)
    row.quiet_until = None
    uow.record(SubscriptionChanged(subject_id=row.id, is_active=row.is_active))


def renew_secret(uow: UnitOfWork, subscription_id: int) -> str:
    """The old secret signs nothing any more. Returns the new salt. Raises NotFound."""
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    row = _held(uow, subscription_id)
    row.salt = new_salt()
    uow.record(SecretRenewed(subject_id=row.id))
    return row.salt


def send_again(uow: UnitOfWork, sending_id: int) -> int:
    """Tell it anew, with all its tries, whatever became of it. Returns the subscription's id.

    Raises:
        NotFound: nothing was ever to be told under this id.
    """
    require(uow.actor, Permission.WEBHOOK_MANAGE)
    row = uow.session.get(Sending, sending_id, with_for_update=True)
    if row is None:
        raise NotFound(sending=sending_id)
    earlier = sa.select(EventRow.id).where(
        EventRow.subject_kind == WebhookDue.subject_kind, EventRow.subject_id == sending_id
    )
    undone = sa.update(Delivery).where(Delivery.event_id.in_(earlier), Delivery.done_at.is_(None))
    uow.session.execute(
        undone.values(done_at=uow.now, parked_at=None).execution_options(synchronize_session=False)
    )
    row.state, row.tries, row.last_error = "waiting", 0, None
    uow.record(WebhookDue(subject_id=sending_id, again=True))
    return row.subscription_id


def forget_sendings(uow: UnitOfWork, older_than: timedelta) -> int:
    """What was told, or given up, long ago. Returns how many went; what still waits never does."""
    require(uow.actor, Permission.DELIVERY_MANAGE)
    old = (
        sa.select(Sending.id)
        .where(sa.text("state IN ('sent', 'stopped')"), Sending.created_at < uow.now - older_than)
        .limit(_AT_ONCE)
    )
    gone = sa.delete(Sending).where(Sending.id.in_(old)).returning(Sending.id)
    return len(uow.session.execute(gone.execution_options(synchronize_session=False)).all())


def _held(uow: UnitOfWork, subscription_id: int) -> Subscription:
    row = uow.session.get(Subscription, subscription_id, with_for_update=True)
    if row is None:
        raise NotFound(subscription=subscription_id)
    return row


def _checked(given: SubscriptionGiven, trusted: Collection[str]) -> dict[str, object]:
    wrong: dict[str, str] = {}
    name, url = clean(given.name)[:120], given.url.strip()
    kinds = [kind for kind in KINDS if kind in given.kinds]
    if not name:
        wrong["name"] = "required"
    if not _is_callable(url, trusted):
        wrong["url"] = "not_https"
    if not kinds:
        wrong["kinds"] = "required"
    if wrong:
        raise Invalid(wrong)
    return {
        "name": name,
        "url": url,
        "kinds": kinds,
        "unit_id": given.unit_id,
        "is_active": given.is_active,
    }


def _is_callable(url: str, trusted: Collection[str]) -> bool:
    try:
        check_url(url)
    except Refused:
        return False
    cut = urlsplit(url)
    return cut.scheme.lower() == "https" or cut.hostname in trusted
