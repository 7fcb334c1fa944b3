"""The mail that gathers what an agent has not read: at the rhythm they chose, never in their quiet hours.

What is left of the day before makes a daily mail due, what is left of the week before a weekly one: nothing
has to be remembered but which notices were mailed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from crm.access import Permission, require, visible
from crm.cases import Case
from crm.foundation import PARIS, UnitOfWork
from crm.foundation.settings import Centre
from crm.interactions import Message, queue_message
from crm.promises.choices import Choices, choices_of
from crm.promises.models import Notice
from crm.promises.wording import MAIL, notice_in
from crm.staff import Agent, actor_of

_SHOWN = 40
_N = cast(sa.Table, Notice.__table__).c
_C = cast(sa.Table, Case.__table__).c
_WAITS = sa.and_(_N.read_at.is_(None), _N.mailed_at.is_(None))


def agents_to_mail(session: Session, now: datetime) -> list[int]:
    """Those whose mail is due."""
    oldest = sa.select(_N.agent_id, sa.func.min(_N.at)).where(_WAITS).group_by(_N.agent_id)
    since = {row[0]: row[1] for row in session.execute(oldest)}
    chosen = choices_of(session, set(since))
    return sorted(id_ for id_, at in since.items() if is_due(chosen[id_], at, now))


def is_due(chosen: Choices, oldest_at: datetime, now: datetime) -> bool:
    if chosen.mail == "never" or chosen.is_quiet(now):
        return False
    if chosen.mail == "at_once":
        return True
    today = now.astimezone(PARIS).date()
    since = today if chosen.mail == "daily" else today - timedelta(days=today.weekday())
    return oldest_at < datetime.combine(since, time(), tzinfo=PARIS)


def mail_notices(uow: UnitOfWork, centre: Centre, agent_id: int) -> int:
    """One mail of all that waits. What says that they were mailed commits with it. Returns how many it
    tells.
    """
    require(uow.actor, Permission.CLOCKS_KEEP)
    mine = sa.update(Notice).where(_N.agent_id == agent_id, _WAITS).values(mailed_at=uow.now)
    rows = uow.session.execute(
        mine.returning(_N.id, _N.kind, _N.case_id, _N.due_at).execution_options(synchronize_session=False)
    ).all()
    reader = uow.session.get(Agent, agent_id)
    if not rows or reader is None or not reader.is_active:
        return 0
    words = MAIL.get(reader.language, MAIL["fr"])
    references = _references(uow.session, agent_id, {row.case_id for row in rows if row.case_id})
    lines = [
        words["line"].format(
            reference=references.get(row.case_id, "—"),
            told=notice_in(reader.language, row.kind),
            due=words["due"].format(day=f"{row.due_at.astimezone(PARIS):%d/%m/%Y}") if row.due_at else "",
        )
        for row in sorted(rows, key=lambda row: -row.id)[:_SHOWN]
    ]
    site = f"{centre.site_url.rstrip('/')}/console/notifications"
    ending = "\n".join([words["link"].format(link=site), words["stop"].format(link=f"{site}/preferences")])
    message = Message(
        kind="notices",
        channel="email",
        recipient=reader.email,
        subject=words["subject"].format(many=len(rows)),
        body="\n\n".join([words["hello"], "\n".join(lines), ending, centre.name]),
        is_public=False,
    )
    queue_message(uow, None, 0, message)
    return len(rows)


def _references(session: Session, agent_id: int, case_ids: Collection[int]) -> dict[int, str]:
    """Of those that this reader may still open: readers may have been named since."""
    who = actor_of(session, agent_id)
    if who is None or not case_ids:
        return {}
    rows = session.execute(sa.select(_C.id, _C.reference).where(_C.id.in_(case_ids), visible(who, Case)))
    return {row.id: row.reference for row in rows}
