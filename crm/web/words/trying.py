"""A draft read as a usager will read it, beside today's text; then published with its reason.

With values that look like real ones; with those of a real demand for whoever may read that demand.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from crm.access import Permission, allows, everywhere
from crm.cases import CaseSheet, Mistyped, one_case, parse_reference
from crm.channels import sms_parts
from crm.foundation import Conflict, Invalid, NotFound
from crm.http import gettext as _
from crm.http import needs, reading, reasons, unit_of_work, wiring, wording
from crm.knowledge import (
    CHANNELS,
    REPLY,
    ReplyTemplate,
    Use,
    example_values,
    fill,
    from_kept,
    key_of,
    publish_reply,
    reply_templates,
    stand_in,
    text_for_use,
    versions_of,
    winner,
)
from crm.notifications import one_below_the_other, read_on_case
from crm.web.words.asked import address_of, seen_in, use_in
from crm.web.words.blueprint import bp
from crm.web.words.saying import hole_words, message_words, use_words
from crm.web.words.writing import judged


@dataclass(frozen=True, slots=True)
class Read:
    """A text as it would leave. `parts`: how many SMS; `left_out`: what had no value, in words."""

    subject: str
    body: str
    left_out: list[str]
    parts: int | None


@bp.get("/modeles/essai")
@needs(Permission.CONTENT_VIEW)
def try_reply() -> ResponseReturnValue:
    """`?canal_lu=sms` for a text that serves several channels; `?demande=2026-…` for a real demand."""
    return _page(use_in(request.args))


@bp.post("/modeles/publication")
@needs(Permission.CONTENT_EDIT)
def publish() -> ResponseReturnValue:
    use = use_in(request.form)
    try:
        with unit_of_work() as uow:
            publish_reply(uow, use, note=request.form.get("note", ""), seen=seen_in(request.form))
    except Invalid as refusal:
        return _page(use, reasons(refusal)), 422
    except (Conflict, NotFound):
        flash(_("Un collègue a changé ce texte depuis votre essai : rien n’est publié. Relisez-le."), "warn")
        return _page(use), 409
    flash(
        _("Publié : les prochains messages en sont faits. Ceux qui attendent leur envoi gardent leurs mots."),
        "ok",
    )
    return redirect(url_for("words.replies", message=use.message, sujet=use.category_code or None), 303)


def _page(use: Use, wrong: dict[str, str] | None = None) -> str | Response:
    known, _index = wiring().rulebooks.categories()
    with reading() as session:
        texts = reply_templates(session, use.message)
        kept = versions_of(session, REPLY, key_of(use))
    now = next((text for text in texts if text.use == use), None)
    instead = stand_in(texts, use, known)
    draft = from_kept(use, kept.draft.content) if kept.draft else None
    above = _french_above(texts, use)
    removes = kept.draft is not None and not kept.draft.content["is_used"]
    shown = instead if removes else draft or now
    if shown is None and above is None:
        return redirect(url_for("words.reply", **address_of(use)), 303)  # type: ignore[arg-type]
    case, mistaken = _case_given()
    way = use.channel or _channel_given()
    return render_template(
        "web/words/try.html",
        use=use,
        address=address_of(use),
        message=message_words()[use.message],
        told_use=use_words(use),
        kept=kept,
        removes=removes,
        leaves_french_alone=removes and shown is None,
        without_french=bool(use.language) and (above is None or above.use != use._replace(language="")),
        has_draft=draft is not None,
        after=_read(above, shown, use, way, case),
        before=_read(above, now or instead, use, way, case) if draft and (now or instead or above) else None,
        is_new=now is None,
        ways=_ways(use, way, texts),
        way=way,
        case=case,
        typed_case=request.values.get("demande", ""),
        mistaken=mistaken,
        may_read_cases=everywhere(current_user.actor, Permission.CASE_VIEW),
        wrong=wrong or {},
        note=request.form.get("note", ""),
        may_edit=allows(current_user.actor, Permission.CONTENT_EDIT),
        **({"faults": [], "advice": []} if removes or shown is None else judged(shown)),
    )


def _french_above(texts: tuple[ReplyTemplate, ...], use: Use) -> ReplyTemplate | None:
    """What a translation stands below."""
    known, _index = wiring().rulebooks.categories()
    return winner(texts, use._replace(language=""), known) if use.language else None


def _ways(use: Use, way: str, texts: tuple[ReplyTemplate, ...]) -> list[dict[str, object]]:
    """The channels that this text serves: another may be written for one of them."""
    known, _index = wiring().rulebooks.categories()
    others = [text for text in texts if text.use != use]
    tried = [*others, text_for_use(use, subject="", body="")]
    case = request.values.get("demande") or None
    address = address_of(use)
    return [
        {
            "label": wording(channel, "channel"),
            "href": url_for("words.try_reply", **address, canal_lu=channel, demande=case),  # type: ignore[arg-type]
            "here": channel == way,
        }
        for channel in CHANNELS
        if not use.channel
        and (found := winner(tried, use._replace(channel=channel), known))
        and found.use == use
    ]


def _channel_given() -> str:
    asked = request.values.get("canal_lu", "")
    return asked if asked in CHANNELS else "email"


def _case_given() -> tuple[CaseSheet | None, str]:
    """The demand to read the text with, or what is wrong with the reference typed."""
    typed = request.values.get("demande", "").strip()
    if not typed or not everywhere(current_user.actor, Permission.CASE_VIEW):
        return None, ""
    try:
        with reading() as session:
            return one_case(session, current_user.actor, parse_reference(typed)), ""
    except Mistyped:
        return None, _("Ce n’est pas un numéro de demande : il s’écrit comme 2026-004217-63.")
    except NotFound:
        return None, _("Aucune demande de ce numéro parmi celles que vous pouvez lire.")


def _read(
    above: ReplyTemplate | None, text: ReplyTemplate | None, use: Use, way: str, case: CaseSheet | None
) -> Read:
    texts = [one for one in (above, text) if one is not None]
    if case is not None:
        settings, now = wiring().settings, wiring().clock.now()
        with reading() as session:
            said = read_on_case(session, settings.centre, case, texts, now, channel=way)
    else:
        said = one_below_the_other(
            [(one.language, fill(one, _examples(use, way, one.language))) for one in texts], way
        )
    words = hole_words()
    parts = sms_parts(said.body).parts if way == "sms" else None
    return Read(said.subject, said.body, [words[hole] for hole in said.left_out if hole in words], parts)


def _examples(use: Use, way: str, language: str) -> dict[str, str]:
    known, _index = wiring().rulebooks.categories()
    category = known.category(use.category_code)
    values = example_values(category.decision_regime if category else None, way, language)
    if sentence := known.outcome_sentence(use.outcome, language or "fr"):
        values |= {"outcome_text": sentence}
    if category is None:
        return values
    return {**values, "object": category.label_en if language else category.label}
