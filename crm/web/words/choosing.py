"""What the forms of words offer to choose from."""

from __future__ import annotations

from crm.catalogue import OUTCOMES
from crm.http import gettext as _
from crm.http import language, typo, wiring, wording
from crm.web.words.saying import about_words


def about_choices(chosen: str = "") -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(domain's code, its name, its categories in use), in the order of the catalogue.

    Args:
        chosen: what the form holds: out of use by now, it comes last, under no domain.
    """
    known, _index = wiring().rulebooks.categories()
    english = language() == "en"
    offered = [
        (
            domain.code,
            domain.label_en if english else typo(domain.label),
            [(leaf.code, leaf.label_en if english else typo(leaf.label)) for leaf in leaves],
        )
        for domain in known.domains
        if (leaves := known.in_domain(domain.code))
    ]
    codes = {code for domain, _title, leaves in offered for code in (domain, *dict(leaves))}
    if chosen and chosen not in codes:
        offered.append(("", _("Hors service"), [(chosen, about_words(chosen))]))
    return offered


def outcome_choices() -> list[tuple[str, str]]:
    return [(code, wording(code, "outcome")) for code in OUTCOMES]
