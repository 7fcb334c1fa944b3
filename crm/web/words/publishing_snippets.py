"""A short text seen as agents will see it, then published with its reason."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from crm.access import Permission
from crm.foundation import Conflict, Invalid, NotFound
from crm.http import gettext as _
from crm.http import needs, reading, reason, typo, unit_of_work, wiring
from crm.http.dates import today
from crm.knowledge import (
    SNIPPET,
    publish_snippet,
    snippet_faults,
    snippet_from_kept,
    versions_of,
    wording_remarks,
)
from crm.web.words.asked import seen_in
from crm.web.words.blueprint import bp
from crm.web.words.saying import about_words, remark_words


@bp.get("/elements/essai/<code>")
@needs(Permission.CONTENT_EDIT)
def try_element(code: str) -> ResponseReturnValue:
    return _page(code)


@bp.post("/elements/publication/<code>")
@needs(Permission.CONTENT_EDIT)
def publish_element(code: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            publish_snippet(uow, code, note=request.form.get("note", ""), seen=seen_in(request.form))
    except Invalid as refusal:
        return _page(code, {name: reason(why) for name, why in refusal.fields.items()}), 422
    except (Conflict, NotFound):
        flash(_("Un collègue a changé ce texte depuis votre essai : rien n’est publié. Relisez-le."), "warn")
        return _page(code), 409
    wiring().rulebooks.forget_snippets()
    flash(_("Publié : les agents le voient dès leur prochain appel."), "ok")
    return redirect(url_for("words.elements"), 303)


def _said(name: str, why: str) -> str:
    box = {"title": _("Titre"), "words": _("Ce qu’il faut dire"), "about": _("Pour")}[name]
    return typo(f"{box} : {reason(why)}")


def _page(code: str, wrong: dict[str, str] | None = None) -> str | Response:
    known, _index = wiring().rulebooks.categories()
    with reading() as session:
        kept = versions_of(session, SNIPPET, code)
    if kept.draft is None:
        return redirect(url_for("words.elements"), 303)
    one = snippet_from_kept(code, kept.draft.content)
    removes = not kept.draft.content["is_used"]
    lacking = [] if removes else [_said(name, why) for name, why in snippet_faults(one, known)]
    return render_template(
        "web/words/try_snippet.html",
        one=one,
        about=about_words(one.category_code or one.domain_code),
        is_past=one.until is not None and one.until < today(),
        removes=removes,
        lacking=lacking,
        advice=[] if removes else [remark_words(remark) for remark in wording_remarks(one.words)],
        kept=kept,
        wrong=wrong or {},
        note=request.form.get("note", ""),
    )
