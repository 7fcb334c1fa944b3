"""What stands in the way of a text, from a file or from the screen: French sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue import OUTCOMES, Catalogue
from crm.knowledge.mentions import lacking_mentions
from crm.knowledge.templates import ReplyTemplate, problems_in


def faults(template: ReplyTemplate, known: Catalogue) -> Iterator[str]:
    yield from problems_in(template.subject)
    yield from problems_in(template.body)
    if not template.body:
        yield "le texte est vide : écrivez-le, ou retirez-le"
    if not template.subject.isprintable():
        yield "l’objet tient sur une ligne : retirez le saut de ligne"
    if bool(template.subject) == (template.channel == "sms"):
        yield "un SMS n’a pas d’objet, tout autre message en a un"
    yield from faults_of_use(template.use, known)
    category = known.category(template.category_code)
    regime, months = (category.decision_regime, category.decision_months) if category else (None, 0)
    yield from lacking_mentions(template, regime, months)


def faults_of_use(use: tuple[str, str, str, str, str], known: Catalogue) -> Iterator[str]:
    _message, outcome, _channel, category_code, domain_code = use
    if outcome and outcome not in OUTCOMES:
        yield f"l’issue {outcome} n’existe pas"
    if category_code and domain_code:
        yield "la catégorie suffit : retirez le domaine"
    if category_code and known.category(category_code) is None:
        yield f"la catégorie {category_code} n’existe pas"
    if domain_code and known.domain(domain_code) is None:
        yield f"le domaine {domain_code} n’existe pas"
