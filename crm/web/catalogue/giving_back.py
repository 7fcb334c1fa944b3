"""A form into the draft: kept, or given back with what was typed and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from crm.catalogue import Working
from crm.foundation import Conflict, Invalid, UnitOfWork
from crm.http import gettext as _
from crm.http import unit_of_work, whole_number
from crm.web.catalogue.saying import Change, changes, why


@dataclass(frozen=True, slots=True)
class Given:
    """What a form shows beside what was typed.

    Args:
        seen: what it will be saved over.
        wrong: what is to be mended, by box.
        theirs: where a colleague's version differs, when one was saved meanwhile (`met`).
    """

    seen: int
    wrong: Mapping[str, str] = field(default_factory=dict)
    theirs: Sequence[Change] = ()
    met: bool = False
    status: int = 200

    @property
    def shown(self) -> dict[str, Any]:
        return {"seen": self.seen, "wrong": self.wrong, "theirs": self.theirs, "met": self.met}


def seen() -> int:
    return whole_number(request.form.get("seen")) or 0


def given_back(
    one: Working,
    write: Callable[[UnitOfWork], object],
    theirs: Sequence[Change],
    beside: Callable[[Mapping[str, str]], Mapping[str, str]] = dict,
) -> Given | None:
    """Writes; None when it is kept.

    Args:
        theirs: what to show when a colleague's draft came first.
        beside: from the names of what is wrong to the boxes of the form.
    """
    try:
        with unit_of_work() as uow:
            write(uow)
    except Invalid as refusal:
        wrong = {box: why(told) for box, told in beside(refusal.fields).items()}
        return Given(seen(), wrong, status=422)
    except Conflict:
        return Given(one.seen, theirs=theirs, met=True, status=409)
    return None


def into_draft(
    one: Working,
    said: Mapping[str, Any],
    write: Callable[..., int],
    page: Callable[[Working, Mapping[str, Any], Given], ResponseReturnValue],
    then: str,
) -> ResponseReturnValue:
    """A whole form kept, then `then`; else its page again, with what a colleague changed meanwhile.

    Args:
        write: (uow, what was said, seen).
    """
    back = given_back(one, lambda uow: write(uow, said, seen=seen()), changes(said, one.content))
    if back:
        return page(one, said, back)
    flash(_("Brouillon enregistré. Rien ne change pour personne tant qu’il n’est pas publié."), "ok")
    return redirect(then, 303)
