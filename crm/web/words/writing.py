"""One reply template: written as a draft, with what is wrong or could be better said; its versions."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission, allows
from crm.foundation import Conflict
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work, whole_number, wiring
from crm.knowledge import (
    NEEDED,
    REPLY,
    ReplyTemplate,
    Use,
    Versions,
    faults,
    from_kept,
    key_of,
    remarks,
    reply_templates,
    stand_in,
    text_for_use,
    versions_of,
    write_reply,
)
from crm.revisions import RevisionCard, drop_draft
from crm.staff import agent_names
from crm.web.words.asked import address_of, seen_in, text_in, use_in
from crm.web.words.beside import beside_of
from crm.web.words.blueprint import bp
from crm.web.words.saying import hole_words, message_words, remark_words, use_words


@bp.get("/modeles/texte")
@needs(Permission.CONTENT_VIEW)
def reply() -> str:
    """`?version=2`: the form holds the words of that version, to read or to take back."""
    return _page(use_in(request.args), old=whole_number(request.args.get("version")))


@bp.post("/modeles/texte")
@needs(Permission.CONTENT_EDIT)
def keep_reply() -> ResponseReturnValue:
    use = use_in(request.form)
    text = text_in(use, request.form)
    try:
        with unit_of_work() as uow:
            write_reply(uow, text, seen=seen_in(request.form))
    except Conflict:
        return _page(use, typed=text), 409
    flash(_("Brouillon enregistré. Rien ne change pour les usagers avant sa publication."), "ok")
    return redirect(url_for("words.try_reply", **address_of(use)), 303)  # type: ignore[arg-type]


@bp.post("/modeles/remarques")
@needs(Permission.CONTENT_EDIT)
def remark() -> str:
    """What is said of a text while it is typed. Nothing is kept."""
    use = use_in(request.form)
    return render_template("web/words/_remarks.html", use=use, **judged(text_in(use, request.form)))


@bp.post("/modeles/retrait")
@needs(Permission.CONTENT_EDIT)
def remove_reply() -> ResponseReturnValue:
    """The removal is a draft like another: tried, published with its reason."""
    use = use_in(request.form)
    with reading() as session:
        now, _instead = _in_force(session, use)
    if now is None:
        abort(404)
    try:
        with unit_of_work() as uow:
            write_reply(uow, now, seen=seen_in(request.form), is_used=False)
    except Conflict:
        flash(_clash(), "warn")
        return _page(use), 409
    return redirect(url_for("words.try_reply", **address_of(use)), 303)  # type: ignore[arg-type]


@bp.post("/modeles/abandon")
@needs(Permission.CONTENT_EDIT)
def leave_reply() -> ResponseReturnValue:
    use = use_in(request.form)
    try:
        with unit_of_work() as uow:
            drop_draft(uow, REPLY, key_of(use), seen=seen_in(request.form))
    except Conflict:
        flash(_clash(), "warn")
        return _page(use), 409
    flash(_("Brouillon abandonné."), "ok")
    return redirect(url_for("words.replies", message=use.message), 303)


def judged(text: ReplyTemplate) -> dict[str, list[str]]:
    """What stands in the way of publishing, and what the house would write otherwise."""
    known, _index = wiring().rulebooks.categories()
    return {
        "faults": list(faults(text, known)),
        "advice": [remark_words(one) for one in remarks(text)],
    }


def _clash() -> str:
    return _("Un collègue vient de changer ce texte : le voici. Relisez-le avant de continuer.")


def _page(use: Use, typed: ReplyTemplate | None = None, old: int | None = None) -> str:
    """`typed`: what somebody wrote while a colleague wrote too; it stays, theirs is beside it."""
    with reading() as session:
        now, instead = _in_force(session, use)
        kept = versions_of(session, REPLY, key_of(use))
        names = agent_names(session, {card.written_by for card in _cards(kept) if card.written_by})
        beside = beside_of(session, use, kept)
    theirs = _latest_words(use, kept, now, instead)
    shown = typed or (_old_words(use, kept, old) if old is not None else theirs)
    return render_template(
        "web/words/reply.html",
        use=use,
        address=address_of(use),
        message=message_words()[use.message],
        told_use=use_words(use),
        text=shown,
        theirs=theirs if typed else None,
        old=old,
        now=now,
        instead=instead,
        kept=kept,
        names=names,
        beside=beside,
        **judged(shown),
        holes=_holes(use.message),
        may_edit=allows(current_user.actor, Permission.CONTENT_EDIT),
    )


def _in_force(session: Session, use: Use) -> tuple[ReplyTemplate | None, ReplyTemplate | None]:
    """This text, and the one that speaks where it is not."""
    texts = reply_templates(session, use.message)
    known, _index = wiring().rulebooks.categories()
    return next((text for text in texts if text.use == use), None), stand_in(texts, use, known)


def _latest_words(
    use: Use, kept: Versions, now: ReplyTemplate | None, instead: ReplyTemplate | None
) -> ReplyTemplate:
    """The draft, else what is in force, else what a new one may start from."""
    if kept.draft is not None:
        return from_kept(use, kept.draft.content)
    start = now or instead
    return (
        text_for_use(use, subject=start.subject, body=start.body)
        if start
        else text_for_use(use, subject="", body="")
    )


def _old_words(use: Use, kept: Versions, number: int) -> ReplyTemplate:
    card = kept.numbered(number)
    if card is None:
        abort(404)
    return from_kept(use, card.content)


def _cards(kept: Versions) -> list[RevisionCard]:
    return [*kept.history, *([kept.draft] if kept.draft else [])]


def _holes(message: str) -> dict[str, list[tuple[str, str]]]:
    """(hole, its words): those that the message needs, then all the others."""
    words = hole_words()
    needed = sorted(NEEDED[message])
    return {
        "needed": [(hole, words[hole]) for hole in needed],
        "others": [(hole, said) for hole, said in words.items() if hole not in needed],
    }
