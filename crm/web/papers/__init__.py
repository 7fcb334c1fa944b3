"""What leaves by hand: letters to print, usagers to call back."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.cases import calls_within_reach, followed_cases, letters_within_reach, make_call
from crm.contacts import contact_names, display_phone
from crm.http import needs, reading, unit_of_work, whole_number, wiring
from crm.interactions import Exchange, mark_printed
from crm.notifications import letter_batches, letters_without_batch, print_letters
from crm.web.explaining import references_of
from crm.web.papers.pressing import pressing_words

bp = Blueprint("papers", __name__, url_prefix="/console")


@bp.get("/courriers")
@needs(Permission.LETTER_PRINT)
def letters() -> str:
    with reading() as session:
        waiting = _letters(session)
        references = references_of(session, waiting)
        batches = letter_batches(session, current_user.actor)
    return render_template("web/papers/letters.html", letters=waiting, references=references, batches=batches)


@bp.get("/courriers.pdf")
@needs(Permission.LETTER_PRINT)
def letters_on_paper() -> ResponseReturnValue:
    """All the letters that wait, as one file; they leave the list once they are said to be printed."""
    large = request.args.get("gros-caracteres") == "1"
    with reading() as session:
        waiting = _letters(session)
        if not waiting:
            return redirect(url_for("papers.letters"))
        printed = print_letters(session, wiring().settings.centre, waiting, large_print=large)
    response = Response(printed, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="courriers.pdf"'
    return response


@bp.post("/courriers/imprimes")
@needs(Permission.LETTER_PRINT)
def printed() -> ResponseReturnValue:
    with unit_of_work() as uow:
        mine = {letter.id for letter in letters_within_reach(uow.session, uow.actor)}
        mark_printed(uow, [number for number in _chosen() if number in mine])
    return redirect(url_for("papers.letters"), 303)


@bp.get("/rappels")
@needs(Permission.CALLBACK_DO)
def calls() -> str:
    with reading() as session:
        left_by = wiring().clock.now()
        waiting = _of_their_case(session, calls_within_reach(session, current_user.actor, left_by=left_by))
        references = references_of(session, waiting)
        people = contact_names(session, [call.contact_id for call in waiting if call.contact_id])
    return render_template(
        "web/papers/calls.html",
        calls=waiting,
        pressing={
            call.id: pressing_words(call.promised_until or call.promised_at, left_by) for call in waiting
        },
        numbers={call.id: display_phone(call.recipient) for call in waiting},
        references=references,
        people=people,
    )


@bp.post("/rappels/<int:interaction_id>")
@needs(Permission.CALLBACK_DO)
def called(interaction_id: int) -> ResponseReturnValue:
    reached = request.form.get("reached") == "1"
    with unit_of_work() as uow:
        make_call(uow, interaction_id, request.form.get("note", ""), reached=reached)
    return redirect(url_for("papers.calls"), 303)


def _letters(session: Session) -> list[Exchange]:
    left_by = wiring().clock.now()
    letters = letters_within_reach(session, current_user.actor, left_by=left_by)
    waiting = letters_without_batch(session, letters)
    return _of_their_case(session, waiting)


def _of_their_case(session: Session, waiting: list[Exchange]) -> list[Exchange]:
    """What is for somebody who follows a case is shown with that case."""
    followed = followed_cases(session, [one.watcher_id for one in waiting if one.watcher_id is not None])
    return [replace(one, case_id=followed.get(one.watcher_id or 0, one.case_id)) for one in waiting]


def _chosen() -> list[int]:
    given = map(whole_number, request.form.getlist("letter"))
    return [number for number in given if number is not None]
