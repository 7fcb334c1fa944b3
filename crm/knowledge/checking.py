"""What stands in the way of a text, from a file or from the screen: French sentences that say what to do."""

from __future__ import annotations

from collections.abc import Iterator

from crm.catalogue import OUTCOMES, Catalogue
from crm.knowledge.mentions import lacking_mentions
from crm.knowledge.templates import ELSEWHERE, ReplyTemplate, Use, problems_in


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
    if template.language:
        return  # what the law asks stands in the French above it
    category = known.category(template.category_code)
    regime, months = (category.decision_regime, category.decision_months) if category else (None, 0)
    yield from lacking_mentions(template, regime, months)


def faults_of_use(use: Use, known: Catalogue) -> Iterator[str]:
    if use.outcome and use.outcome not in OUTCOMES:
        yield f"l’issue {use.outcome} n’existe pas"
    if use.category_code and use.domain_code:
        yield "la catégorie suffit : retirez le domaine"
    if use.category_code and known.category(use.category_code) is None:
        yield f"la catégorie {use.category_code} n’existe pas"
    if use.domain_code and known.domain(use.domain_code) is None:
        yield f"le domaine {use.domain_code} n’existe pas"
    if use.language and use.message in ELSEWHERE:
        yield "ce message part vers un organisme : il n’a pas de traduction"
