"""What the forms of words offer to choose from."""

from __future__ import annotations

from crm.catalogue import OUTCOMES
from crm.http import language, typo, wiring, wording


def about_choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(domain's code, its name, its categories in use), in the order of the catalogue."""
    known, _index = wiring().rulebooks.categories()
    english = language() == "en"
    return [
        (
            domain.code,
            domain.label_en if english else typo(domain.label),
            [
                (leaf.code, leaf.label_en if english else typo(leaf.label))
                for leaf in known.in_domain(domain.code)
            ],
        )
        for domain in known.domains
    ]


def outcome_choices() -> list[tuple[str, str]]:
    return [(code, wording(code, "outcome")) for code in OUTCOMES]
