"""Words in the reader's language: French by default and complete, English second; French typography right."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import flask_babel
from flask import Flask, Response, g, request, session
from markupsafe import Markup

from crm.foundation import Settings, by_language, typo

_MOST_KNOWN = 20_000  # texts that are no message of ours may come this way too: they must not pile up
_known: defaultdict[str, dict[str, str]] = defaultdict(dict)  # language → message → as shown


def language() -> str:
    """Asked hundreds of times a page: chosen once."""
    try:
        chosen: str = g.crm_language
    except AttributeError:
        chosen = g.crm_language = str(flask_babel.get_locale() or "fr")[:2]
    except RuntimeError:
        return "fr"  # outside any request
    return chosen


def _set(text: str) -> str:
    spaced = typo(str(text)) if language() == "fr" else str(text)
    return Markup(spaced) if isinstance(text, Markup) else spaced  # noqa: S704  # was markup already


_ONE = re.compile(r"\b(un|une)\b", re.IGNORECASE)


def gettext(message: str, /, **values: Any) -> str:
    """The message in the reader's language. Messages are written in French in the code."""
    if values or type(message) is not str:
        return _set(flask_babel.gettext(message, **values))
    known = _known[language()]
    text = known.get(message)
    if text is None:
        text = _set(flask_babel.gettext(message))
        if len(known) < _MOST_KNOWN:
            known[message] = text
    return text


def ngettext(one: str, many: str, num: int, /, **values: Any) -> str:
    """In French, zero and one are singular; but « une règle », where there is none, is told by its number."""
    return _set(_form_for(one, many, num) % {"num": num, **values})


def _form_for(one: str, many: str, num: int, /) -> str:
    """The form that a number asks for, its values not yet put in: Jinja puts them in itself."""
    if language() == "fr":
        says_one = num == 0 and "%(num)" not in one and _ONE.search(one)
        return many if abs(num) > 1 or says_one else one
    return str(flask_babel.get_domain().get_translations().ungettext(one, many, num))


def _ngettext_in_templates(one: str, many: str, num: int, /) -> str:
    return _set(_form_for(one, many, num))


_ = gettext


def install(app: Flask, settings: Settings) -> None:
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "http/translations"
    flask_babel.Babel(
        app, default_locale="fr", default_timezone="Europe/Paris", locale_selector=lambda: _chosen(settings)
    )
    app.jinja_env.install_gettext_callables(gettext, _ngettext_in_templates, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters["typo"] = typo
    app.jinja_env.filters["by_language"] = by_language
    app.after_request(lambda response: _remember(response, settings))


def _remember(response: Response, settings: Settings) -> Response:
    """The language asked for with `?lang=` serves the pages that follow."""
    wanted = request.args.get("lang")
    if wanted in settings.languages:
        response.set_cookie(
            "lang",
            wanted,
            max_age=31_536_000,
            httponly=True,
            samesite="Lax",
            secure=settings.web.secure_cookies,
        )
    return response


def _chosen(settings: Settings) -> str:
    """What was asked here, else what was asked before, else French: never guessed from the browser."""
    for wanted in (request.args.get("lang"), request.cookies.get("lang"), session.get("language")):
        if wanted in settings.languages:
            return str(wanted)
    return settings.languages[0]
