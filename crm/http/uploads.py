"""Files that come with a form: taken in at once, so that, whatever becomes of the form, none is chosen twice.

The page carries their tokens in a hidden field. A token is 192 random bits: it cannot be made up, and serves
once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request
from werkzeug.datastructures import FileStorage

from crm.access import Reach
from crm.attachments import FileRefused, StagedFile, check_file, clean_name, stage_file, staged_files
from crm.foundation import Actor, Settings, Unavailable
from crm.http.doors import reading, unit_of_work, wiring
from crm.http.language import gettext as _

FILES, TOKENS, DROPPED = "files", "staged", "dropped"  # the fields of a form
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_TAKES_FILES = "crm_takes_files"
_PASSING = frozenset({"busy", "not_scanned"})
_ROOM_FOR_TEXT = 2 * 1024 * 1024
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Taken:
    """
    Args:
        tokens: of the files that the form holds now, those taken in before included.
        refusals: a sentence for each that was not.
        is_passing: one was refused for now only: sent again, it may be taken.
    """

    tokens: tuple[str, ...] = ()
    refusals: list[str] = field(default_factory=list)
    is_passing: bool = False

    def shown(self) -> list[StagedFile]:
        """Those that still wait for a case, for the page that is given back."""
        with reading() as session:
            return staged_files(session, self.tokens)


def takes_files(view: View) -> View:
    """This address takes forms as heavy as the files that may come at once."""
    setattr(view, _TAKES_FILES, True)
    return view


def install(app: Flask, settings: Settings) -> None:
    """Before anything reads the form: what is too heavy is refused by its size alone."""
    heaviest = settings.files.at_once * settings.files.file_mb * 1_000_000 + _ROOM_FOR_TEXT

    @app.before_request
    def make_room() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, _TAKES_FILES, False):
            request.max_content_length = heaviest


def carried_tokens(text: str) -> tuple[str, ...]:
    """The tokens of a hidden field; anything else in it is left aside."""
    return tuple(dict.fromkeys(token for token in text.split() if _TOKEN.fullmatch(token)))


def take_files(
    reach: Reach | None = None, *, acting: Actor | None = None, files: str = FILES, tokens: str = TOKENS
) -> Taken:
    """What this form brings, and what it had brought before, less what the person took away.

    Args:
        reach: the case that they are meant for; None when there is none yet.
    """
    dropped = set(request.form.getlist(DROPPED))
    held = [token for token in carried_tokens(request.form.get(tokens, "")) if token not in dropped]
    refusals: list[str] = []
    is_passing = False
    most = wiring().settings.files.at_once
    for sent in request.files.getlist(files):
        if not sent.filename:
            continue  # a box left empty
        with closing(sent):
            try:
                if len(held) >= most:
                    raise FileRefused("too_many", clean_name(sent.filename), most)
                held.append(_take(sent, reach, acting))
            except FileRefused as refusal:
                refusals.append(refusal_words(refusal))
                is_passing = is_passing or refusal.reason in _PASSING
    return Taken(tuple(held), refusals, is_passing)


def _take(sent: FileStorage, reach: Reach | None, acting: Actor | None) -> str:
    """
    Raises:
        FileRefused: with the reason; also when too many pictures came at once.
    """
    name = sent.filename or ""
    try:
        checked = check_file(cast(Any, sent.stream), name, wiring().settings.files)
    except Unavailable:
        raise FileRefused("busy", clean_name(name)) from None
    with unit_of_work(acting) as uow:
        return stage_file(uow, reach, checked)


def refusal_words(refusal: FileRefused) -> str:
    """One sentence: which file, why, and what to do."""
    words = {
        "too_heavy": _("« %(name)s » pèse plus de %(limit)s Mo : envoyez une photo moins lourde."),
        "pdf_too_heavy": _(
            "« %(name)s » pèse plus de %(limit)s Mo, la limite d’un PDF : envoyez-en une partie."
        ),
        "too_many": _("« %(name)s » n’est pas joint : %(limit)s fichiers au plus en un envoi."),
        "too_many_pixels": _(
            "« %(name)s » est une image trop grande (plus de %(limit)s millions de pixels) : réduisez-la."
        ),
        "damaged": _("« %(name)s » ne s’ouvre pas : le fichier est abîmé. Reprenez la photo."),
        "busy": _("« %(name)s » n’a pas pu être lu maintenant : joignez-le à nouveau."),
        "virus": _(
            "« %(name)s » contient un virus : nous ne pouvons pas le prendre. Envoyez un autre fichier."
        ),
        "not_scanned": _(
            "« %(name)s » n’a pas pu être vérifié par l’antivirus : joignez-le à nouveau dans un instant."
        ),
        "empty": _("« %(name)s » est vide : choisissez un autre fichier."),
        "drawing": _(
            "« %(name)s » est un dessin SVG, que nous n’acceptons pas : envoyez une photo ou un PDF."
        ),
        "page": _("« %(name)s » est une page web, que nous n’acceptons pas : envoyez une photo ou un PDF."),
        "programme": _(
            "« %(name)s » est un programme, que nous n’acceptons pas : envoyez une photo ou un PDF."
        ),
        "archive": _("« %(name)s » est une archive : envoyez les photos une par une."),
        "office": _(
            "« %(name)s » est un document de bureautique : enregistrez-le en PDF, puis envoyez le PDF."
        ),
        "film": _("« %(name)s » est une vidéo ou un son, que nous n’acceptons pas : envoyez une photo."),
        "unknown": _("« %(name)s » n’est ni une photo ni un PDF : nous ne pouvons pas le prendre."),
    }
    text = words.get(refusal.reason, words["unknown"])
    return text % {"name": refusal.name, "limit": refusal.limit}
