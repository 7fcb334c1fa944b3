"""Short texts for calls and answers: the list, and one of them written as a draft."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from crm.access import Permission, allows
from crm.foundation import Conflict
from crm.http import gettext as _
from crm.http import needs, reading, reason, unit_of_work, whole_number, wiring
from crm.http.dates import today
from crm.knowledge import (
    SNIPPET,
    Snippet,
    Versions,
    snippet_as_kept,
    snippet_from_kept,
    snippet_in_force,
    snippets,
    versions_of,
    write_snippet,
)
from crm.revisions import drafts_of, drop_draft
from crm.staff import agent_names
from crm.web.words.asked import Typed, lines, seen_in
from crm.web.words.blueprint import bp
from crm.web.words.choosing import about_choices
from crm.web.words.saying import about_words

_CODE_BYTES = 6


@bp.get("/elements")
@needs(Permission.CONTENT_VIEW)
def elements() -> str:
    with reading() as session:
        held = {one.code: one for one in snippets(session)}
        drafts = drafts_of(session, SNIPPET)
    begun = {code: snippet_from_kept(code, draft.content) for code, draft in drafts.items()}
    listed = sorted(
        {**begun, **held}.values(), key=lambda one: (one.category_code or one.domain_code, one.title)
    )
    return render_template(
        "web/words/snippets.html",
        rows=[(one, about_words(one.category_code or one.domain_code)) for one in listed],
        in_force=held,
        drafts=drafts,
        today=today(),
        may_edit=allows(current_user.actor, Permission.CONTENT_EDIT),
    )


@bp.get("/elements/nouveau")
@needs(Permission.CONTENT_EDIT)
def new_element() -> str:
    """`?sujet=ECLA-01`. It has its code before it is kept: sent twice, it is one."""
    about = request.args.get("sujet", "")
    return page(secrets.token_hex(_CODE_BYTES), typed={"about": about})


@bp.get("/elements/texte/<code>")
@needs(Permission.CONTENT_VIEW)
def element(code: str) -> str:
    """`?version=2`: the form holds the words of that version, to read or to take back."""
    old = whole_number(request.args.get("version"))
    with reading() as session:
        kept = versions_of(session, SNIPPET, code)
    card = kept.numbered(old) if old is not None else None
    if (not kept.history and not kept.draft) or (old is not None and card is None):
        abort(404)
    return page(code, typed=_boxes(card.content) if card else None, old=old)


@bp.post("/elements/texte/<code>")
@needs(Permission.CONTENT_EDIT)
def keep_element(code: str) -> ResponseReturnValue:
    typed = _typed(request.form)
    if not any(typed[name].strip() for name in ("title", "words")):
        wrong = {"words": reason("required")}
        return page(code, typed=typed, wrong=wrong, seen=seen_in(request.form)), 422
    try:
        until = date.fromisoformat(typed["until"]) if typed["until"] else None
    except ValueError:
        wrong = {"until": reason("not_a_date")}
        return page(code, typed=typed, wrong=wrong, seen=seen_in(request.form)), 422
    try:
        with unit_of_work() as uow:
            write_snippet(uow, _snippet(code, typed, until), seen=seen_in(request.form))
    except Conflict:
        return page(code, typed=typed, clash=True), 409
    flash(_("Brouillon enregistré. Les agents ne le voient pas avant sa publication."), "ok")
    return redirect(url_for("words.try_element", code=code), 303)


@bp.post("/elements/retrait/<code>")
@needs(Permission.CONTENT_EDIT)
def remove_element(code: str) -> ResponseReturnValue:
    with reading() as session:
        now = snippet_in_force(session, code)
    if now is None:
        abort(404)
    try:
        with unit_of_work() as uow:
            write_snippet(uow, now, seen=seen_in(request.form), is_used=False)
    except Conflict:
        return page(code, clash=True), 409
    return redirect(url_for("words.try_element", code=code), 303)


@bp.post("/elements/abandon/<code>")
@needs(Permission.CONTENT_EDIT)
def leave_element(code: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            drop_draft(uow, SNIPPET, code, seen=seen_in(request.form))
    except Conflict:
        return page(code, clash=True), 409
    flash(_("Brouillon abandonné."), "ok")
    return redirect(url_for("words.elements"), 303)


def page(
    code: str,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    old: int | None = None,
    clash: bool = False,
    seen: int | None = None,
) -> str:
    """
    Args:
        seen: what the form given back had seen; None: what there is now.
    """
    with reading() as session:
        kept = versions_of(session, SNIPPET, code)
        now = snippet_in_force(session, code)
        cards = [*kept.history, *([kept.draft] if kept.draft else [])]
        names = agent_names(session, {card.written_by for card in cards if card.written_by})
    theirs = _latest(kept, now)
    given = {"title": "", "words": "", "about": "", "until": "", **(typed or theirs)}
    return render_template(
        "web/words/snippet.html",
        code=code,
        given=given,
        seen=kept.seen if seen is None else seen,
        theirs=theirs if clash else None,
        wrong=wrong or {},
        old=old,
        now=now,
        kept=kept,
        names=names,
        abouts=about_choices(given["about"]),
        may_edit=allows(current_user.actor, Permission.CONTENT_EDIT),
    )


def _latest(kept: Versions, now: Snippet | None) -> dict[str, str]:
    if kept.draft is not None:
        return _boxes(kept.draft.content)
    if now is not None:
        return _boxes(snippet_as_kept(now))
    return _boxes(kept.history[0].content) if kept.history else {}


def _boxes(content: Any) -> dict[str, str]:
    return {
        "title": content["title"],
        "words": content["words"],
        "about": content["category"] or content["domain"],
        "until": content["until"],
    }


def _typed(form: Typed) -> dict[str, str]:
    return {
        "title": " ".join(form.get("title", "").split()),
        "words": lines(form.get("words", "")),
        "about": form.get("about", ""),
        "until": form.get("until", ""),
    }


def _snippet(code: str, typed: dict[str, str], until: date | None) -> Snippet:
    known, _index = wiring().rulebooks.categories()
    about = typed["about"]
    is_domain = known.domain(about) is not None
    return Snippet(
        code=code,
        title=typed["title"],
        words=typed["words"],
        category_code="" if is_domain else about,
        domain_code=about if is_domain else "",
        until=until,
    )
