"""All categories by domain, the dangers, the outcomes, and a category begun."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.cases import NOT_CHOSEN
from crm.catalogue import CATEGORY, DANGER, OUTCOME, Catalogue, Category, begin_category, catalogue
from crm.foundation import Invalid, fold
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work
from crm.http.dates import today
from crm.revisions import drafts_of
from crm.web.catalogue.blueprint import AT, DANGERS, OUTCOMES_AT, bp
from crm.web.catalogue.resting import named
from crm.web.catalogue.saying import why


@bp.get(AT)
@needs(Permission.CONTENT_EDIT)
def categories() -> str:
    wanted = fold(request.args.get("q", ""))
    with reading() as session:
        known = catalogue(session, today())
        drafts = drafts_of(session, CATEGORY)
        ours = [c for c in known.categories.values() if _holds(c, wanted)]
        retired = [c for c in ours if c.retired_on is not None]
        still = named(session) if retired else {}
    return render_template(
        "web/catalogue/categories.html",
        domains=[(d, [c for c in known.in_domain(d.code) if c in ours]) for d in known.domains],
        begun=[card.content for code, card in drafts.items() if code not in known.categories],
        retired=retired,
        left_out=[c for c in ours if not c.is_active and c.retired_on is None and _is_ours(known, c)],
        named={c.code: still[c.code] for c in retired if not c.is_active and c.code in still},
        drafts=drafts,
        asked=request.args.get("q", ""),
    )


def _holds(category: Category, wanted: str) -> bool:
    said = (category.code, category.label, category.label_en, *category.synonyms)
    return not wanted or any(wanted in fold(text) for text in said)


def _is_ours(known: Catalogue, category: Category) -> bool:
    """Not kept from another tool, to name its cases alone."""
    return bool(category.handling) and known.domain(category.domain_code) is not None


@bp.get(f"{AT}/nouvelle")
@needs(Permission.CONTENT_EDIT)
def new_category() -> str:
    return _new({})


@bp.post(f"{AT}/nouvelle")
@needs(Permission.CONTENT_EDIT)
def begin() -> ResponseReturnValue:
    told = {name: request.form.get(name, "") for name in ("domain", "label", "label_en")}
    try:
        with unit_of_work() as uow:
            code = begin_category(uow, told["domain"], told["label"], told["label_en"])
    except Invalid as refusal:
        return _new({name: why(one) for name, one in refusal.fields.items()}), 422
    flash(_("Brouillon commencé sous le code %(code)s : dites le reste, essayez, publiez.", code=code), "ok")
    return redirect(url_for(".category", code=code), 303)


def _new(wrong: dict[str, str]) -> str:
    with reading() as session:
        known = catalogue(session, today())
    domains = [d for d in known.domains if known.in_domain(d.code)]
    return render_template("web/catalogue/new.html", domains=domains, wrong=wrong, given=request.values)


@bp.get(DANGERS)
@needs(Permission.CONTENT_EDIT)
def dangers() -> str:
    with reading() as session:
        known = catalogue(session, today())
        drafts = drafts_of(session, DANGER)
    begun = [card.content for code, card in drafts.items() if known.danger(code) is None]
    return render_template(
        "web/catalogue/dangers.html",
        dangers=[*(one for one in known.dangers if one.is_active), *begun],
        begun=begun,
        retired=[one for one in known.dangers if not one.is_active],
        drafts=drafts,
    )


@bp.get(OUTCOMES_AT)
@needs(Permission.CONTENT_EDIT)
def issues() -> str:
    with reading() as session:
        known = catalogue(session, today())
        drafts = drafts_of(session, OUTCOME)
    return render_template(
        "web/catalogue/outcomes.html", outcomes=known.outcomes, never_chosen=NOT_CHOSEN, drafts=drafts
    )
