"""The form of a list's filters, and the filters in use, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_login import current_user

from crm.cases import ENDED, SORTS, WHOLE, CaseState
from crm.foundation import fold
from crm.http import gettext as _
from crm.http import language, wiring, wording
from crm.http.dates import short_day
from crm.http.wording import FAMILIES
from crm.staff import ViewLine, may_forget
from crm.web.explaining import category_label, commune_names
from crm.web.queues.filters import USUAL_SORT, Asked

Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use, and this list without it."""

    text: str
    without: str


def choices(asked: Asked) -> dict[str, Options]:
    """Parameter → what may be chosen; built only when the form is open."""
    states = [state for state in CaseState if asked.view == WHOLE or state not in ENDED]
    return {
        "etat": [(str(state), wording(state)) for state in states],
        "service": _sorted({card.code: card.name for card in wiring().rulebooks.units().values()}),
        "categorie": _categories(),
        "commune": _sorted(commune_names()),
        "canal": [(code, word) for code, word in FAMILIES()["channel"].items() if code != "none"],
        "priorite": [(code, wording(code, "priority")) for code in ("1", "2", "3", "4")],
        "tri": [("" if sort == USUAL_SORT else sort, word) for sort, word in _sorts().items()],
    }


def _sorted(names: dict[str, str]) -> Options:
    return sorted(names.items(), key=lambda pair: fold(pair[1]))


def _categories() -> Options:
    """Each domain, then what is in it."""
    catalogue, _index = wiring().rulebooks.categories()
    english = language() == "en"
    options: Options = []
    for domain in catalogue.domains:
        options.append((domain.code, domain.label_en if english else domain.label))
        leaves = catalogue.in_domain(domain.code)
        options += [(leaf.code, f"— {category_label(leaf.code)}") for leaf in leaves]
    return options


def _sorts() -> dict[str, str]:
    words = (_("échéance"), _("réception"), _("priorité"))
    return dict(zip(SORTS, words, strict=True))


def sorts(asked: Asked) -> list[dict[str, object]]:
    """The orders to choose from, for the end of the row of tabs."""
    if asked.filters.state in ENDED:
        return []
    return [
        {
            "label": word,
            "href": asked.address(tri="" if sort == USUAL_SORT else sort),
            "here": asked.filters.sort == sort,
        }
        for sort, word in _sorts().items()
    ]


def chips(asked: Asked) -> list[Chip]:
    """« Service : Éclairage », « Reçues depuis le 1er sept. »…"""
    said = {key: _in_words(key, value) for key, value in asked.given.items() if key != "tri"}
    return [Chip(text, asked.address(**{key: ""})) for key, text in said.items()]


def _in_words(key: str, value: str) -> str:
    if key in {"du", "au"}:
        day = short_day(date.fromisoformat(value))
        since = key == "du"
        return _("Reçues depuis le %(day)s", day=day) if since else _("Reçues jusqu’au %(day)s", day=day)
    words = {
        "etat": lambda: wording(value),
        "service": lambda: next(c.name for c in wiring().rulebooks.units().values() if c.code == value),
        "categorie": lambda: _category(value),
        "commune": lambda: commune_names()[value],
        "canal": lambda: wording(value, "channel"),
        "priorite": lambda: wording(value, "priority"),
        "retard": lambda: _("En retard"),
        "texte": lambda: _("Mots : %(words)s", words=value),
    }
    return words[key]()


def _category(code: str) -> str:
    catalogue, _index = wiring().rulebooks.categories()
    domain = catalogue.domain(code)
    if domain is None:
        return category_label(code)
    return domain.label_en if language() == "en" else domain.label


def kept_as(asked: Asked) -> ViewLine | None:
    """The name under which the agent, else their unit, keeps this very list."""
    known: tuple[ViewLine, ...] = current_user.card.views
    same = [kept for kept in known if (kept.view, kept.query) == (asked.view, asked.query)]
    return min(same, key=lambda kept: kept.agent_id != current_user.actor.id, default=None)


def sharing(kept: ViewLine | None) -> dict[str, object]:
    """With which units the agent may share; of a list that is kept, with which it is and whether they may
    take it away.
    """
    units, actor, home = wiring().rulebooks.units(), current_user.actor, current_user.card.unit_id
    own = [units[one] for one in sorted(actor.unit_ids | ({home} if home else set())) if one in units]
    shared = units.get(kept.unit_id) if kept and kept.unit_id else None
    return {
        "units": [(card.id, card.name) for card in own],
        "shared_with": shared.name if shared else "",
        "may_remove": kept is not None and may_forget(actor, kept.agent_id, kept.unit_id),
    }
