"""Who has the case open, and who is writing: kept in Redis for as long as one breath, and nowhere else.

Without Redis nobody is seen and nothing else changes. Ids only; names are read when somebody is there.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from redis import RedisError
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import one_case
from crm.http import gettext as _
from crm.http import needs, reading, wiring
from crm.staff import agent_names
from crm.web.cases.blueprint import bp

SEEN_SECONDS = 25  # two pings and a half: one that is late makes nobody vanish
_LOOKS, _WRITES, _ANSWERS = "l", "w", "a"
_DOING = {"look": _LOOKS, "write": _WRITES, "answer": _ANSWERS}
_RANK = {_LOOKS: 0, _WRITES: 1, _ANSWERS: 2}


@bp.post("/<reference:reference>/presence")
@needs(Permission.CASE_VIEW)
def presence(reference: str) -> ResponseReturnValue:
    """Each open tab, every ten seconds: I am here. Answers who else is."""
    with reading() as session:
        case = one_case(session, current_user.actor, reference)
        others = _told(case.id, request.form.get("tab", "")[:20], _DOING.get(request.form.get("doing", "")))
        return {"said": _sentence(session, others)}


def present(session: Session, case_id: int) -> str:
    """Who is there as the page opens; empty for nobody."""
    return _sentence(session, _told(case_id))


def _told(case_id: int, tab: str = "", doing: str | None = None) -> dict[int, str]:
    """Colleagues' ids and what they do, after saying what we do when we do something."""
    key, now, me = f"crm:presence:{case_id}", time.time(), current_user.actor.id
    with suppress(RedisError):
        pipe = wiring().redis.pipeline(transaction=False)
        if doing:
            pipe.hset(key, f"{me}:{tab}", f"{doing}{now:.0f}")
            pipe.expire(key, SEEN_SECONDS)
        pipe.hgetall(key)
        return _fresh(pipe.execute()[-1], now, me)
    return {}


def _fresh(kept: Mapping[bytes, bytes], now: float, me: int | None) -> dict[int, str]:
    found: dict[int, str] = {}
    for who, what in kept.items():
        agent_id, doing, at = int(who.partition(b":")[0]), what[:1].decode(), float(what[1:])
        if agent_id != me and now - at < SEEN_SECONDS:
            found[agent_id] = max(found.get(agent_id, _LOOKS), doing, key=_RANK.__getitem__)
    return found


def _sentence(session: Session, others: Mapping[int, str]) -> str:
    """« Karim Belkacem écrit une réponse. Hélène Petit regarde cette demande. »"""
    if not others:
        return ""
    names = agent_names(session, set(others))
    said = {
        _ANSWERS: _("%(names)s écrit une réponse."),
        _WRITES: _("%(names)s écrit sur cette demande."),
        _LOOKS: _("%(names)s regarde aussi cette demande."),
    }
    return " ".join(
        said[doing] % {"names": name} for doing in said for name in sorted(_doing(names, others, doing))
    )


def _doing(names: Mapping[int, str], others: Mapping[int, str], doing: str) -> Iterable[str]:
    return (names[id_] for id_, what in others.items() if what == doing and id_ in names)
