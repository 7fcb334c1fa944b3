"""The word that tells a usager that somebody answered them in the thread of their demand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from crm.cases import CaseSheet
from crm.foundation.settings import Centre
from crm.interactions import Message
from crm.notifications.composing import compose_any_way


def reply_notice(
    session: Session, centre: Centre, case: CaseSheet, said: str, now: datetime
) -> Message | None:
    """By e-mail or SMS, that we answered and where to read it; on a letter or by telephone, the words too.

    None when there is no way to reach them.
    """
    told = {"message": said.strip()}
    word = compose_any_way(session, centre, case, "reply", now, extra=told)
    return replace(word, kind="reply_notice", is_public=False) if word else None
