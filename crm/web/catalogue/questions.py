"""The questions of a category: their list, the form of one, their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crm.access import Permission
from crm.catalogue import Working, write_category
from crm.foundation import Conflict, NotFound
from crm.http import gettext as _
from crm.http import needs, reading, unit_of_work
from crm.web.catalogue.blueprint import AT, bp
from crm.web.catalogue.frame import framed, read
from crm.web.catalogue.giving_back import Given, given_back, seen
from crm.web.catalogue.question_form import KINDS, beside, blank, question_said, rows_of
from crm.web.catalogue.saying import Change, code_words, question_words


@bp.get(f"{AT}/<code>/questions")
@needs(Permission.CONTENT_EDIT)
def questions(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
        told = [(asked, question_words(asked)) for asked in one.content["question"]]
        return framed(session, one, "questions", "questions", told=told, kinds=code_words()["kind"])


@bp.get(f"{AT}/<code>/questions/nouvelle")
@needs(Permission.CONTENT_EDIT)
def new_question(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
    return _page(one, blank(_kind(request.args.get("genre"))), len(one.content["question"]), Given(one.seen))


@bp.get(f"{AT}/<code>/questions/<int:rank>")
@needs(Permission.CONTENT_EDIT)
def question(code: str, rank: int) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
    return _page(one, _at(one, rank - 1), rank - 1, Given(one.seen))


@bp.post(f"{AT}/<code>/questions/nouvelle")
@needs(Permission.CONTENT_EDIT)
def add_question(code: str) -> ResponseReturnValue:
    with reading() as session:
        one = read(session, "categories", code)
    return _save(one, blank(_kind(request.form.get("kind"))), len(one.content["question"]))


@bp.post(f"{AT}/<code>/questions/<int:rank>")
@needs(Permission.CONTENT_EDIT)
def change_question(code: str, rank: int) -> ResponseReturnValue:
    """What changed under the form is found again by the question's own key."""
    with reading() as session:
        one = read(session, "categories", code)
    key = request.form.get("key", "")
    ranks = [at for at, asked in enumerate(one.content["question"]) if asked["key"] == key]
    if not ranks:
        flash(
            _("Un collègue vient de retirer cette question. Votre texte est gardé : ajoutez-la de nouveau."),
            "warn",
        )
        gone = {**blank(_kind(request.form.get("kind"))), "key": key}
        said = question_said(request.form, gone, ())
        return _page(one, said, len(one.content["question"]), Given(one.seen, status=409))
    return _save(one, one.content["question"][ranks[0]], ranks[0])


def _save(one: Working, base: Mapping[str, Any], at: int) -> ResponseReturnValue:
    said = question_said(request.form, base, _keys_taken(one))
    asked = list(one.content["question"])
    asked[at : at + 1] = [said]
    back = given_back(
        one,
        lambda uow: write_category(uow, {**one.content, "question": asked}, seen=seen(), held={"question"}),
        [Change(_("Il y a maintenant"), "", question_words(base))] if base["key"] else [],
        lambda fields: beside(fields, said, at),
    )
    if back:
        return _page(one, {**said, "key": base["key"]}, at, back)
    flash(_("Question enregistrée dans le brouillon."), "ok")
    return redirect(url_for(".questions", code=one.code), 303)


@bp.post(f"{AT}/<code>/questions/<int:rank>/ordre")
@needs(Permission.CONTENT_EDIT)
def move_question(code: str, rank: int) -> ResponseReturnValue:
    """`where`: up, down or out."""
    with reading() as session:
        one = read(session, "categories", code)
    asked, at = list(one.content["question"]), rank - 1
    moved = _at(one, at)
    del asked[at]
    if (where := request.form.get("where")) != "out":
        asked.insert(max(0, at - 1) if where == "up" else at + 1, moved)
    try:
        with unit_of_work() as uow:
            write_category(uow, {**one.content, "question": asked}, seen=seen())
    except Conflict:
        flash(
            _("Un collègue vient de changer ce brouillon : le voici. Recommencez si c’est toujours utile."),
            "warn",
        )
    else:
        told = _("Question retirée du brouillon.") if where == "out" else _("Question déplacée.")
        flash(told, "ok")
    return redirect(url_for(".questions", code=code), 303)


def _keys_taken(one: Working) -> set[str]:
    """Of the draft, of what is in force and of before: a new question must not take their answers."""
    known = one.known.category(one.code)
    told = {asked.key for asked in (*known.questions, *known.past_questions)} if known else set[str]()
    return told | {asked["key"] for asked in one.content["question"]}


def _at(one: Working, rank: int) -> Mapping[str, Any]:
    asked: Sequence[Mapping[str, Any]] = one.content["question"]
    if not 0 <= rank < len(asked):
        raise NotFound(category=one.code, question=rank)
    return asked[rank]


def _kind(given: str | None) -> str:
    return given if given in KINDS else "text"


def _page(one: Working, asked: Mapping[str, Any], at: int, back: Given) -> ResponseReturnValue:
    with reading() as session:
        return framed(
            session,
            one,
            "question",
            "questions",
            back.status,
            asked=asked,
            rank=at + 1,
            is_new=at >= len(one.content["question"]),
            rows=rows_of(asked) if asked["kind"] in {"choice", "yesno"} else [],
            kinds=code_words()["kind"],
            **back.shown,
        )
