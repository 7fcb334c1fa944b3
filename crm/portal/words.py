"""Names of things in the reader's language, for residents."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm import territory
from crm.catalogue import Catalogue, Category, Danger, Domain, Question
from crm.http import gettext as _
from crm.http import language, typo

Labelled = Category | Danger | Domain | Question


def english() -> bool:
    return language() == "en"


def named(thing: Labelled) -> str:
    return thing.label_en or thing.label if english() else typo(thing.label)


def handling(category: Category) -> str:
    return category.handling_en or category.handling if english() else typo(category.handling)


def street_of(session: Session, street_id: int | None, insee: str | None) -> str:
    """« rue des Lilas, Rivebois »: what anybody may know of a place; never the door."""
    place = territory.street_place(session, street_id) if street_id is not None else None
    if place is not None:
        return ", ".join(part for part in (place.street, place.commune) if part)
    names = {line.insee: line.name for line in territory.communes(session)}
    return names.get(insee or "", "")


def category_name(catalogue: Catalogue, code: str | None) -> str:
    found = catalogue.category(code) if code else None
    return named(found) if found else ""


def danger_words(danger: Danger) -> str:
    """What to do in danger, as it is read. What a house adds has one sentence, said aloud and read alike."""
    words = {
        "112": _("Mettez-vous à l’abri. Personne ne lit cette page en direct."),
        "GAZ": _("Sortez, ne touchez à aucun interrupteur, ne fumez pas. Appelez une fois dehors."),
        "ELEC": _("Restez à plus de cinq mètres et ne touchez à rien. Éloignez les passants."),
        "17": _("Si cela se passe maintenant, ne vous approchez pas et appelez la police."),
        "15": _("Restez près de la personne qui se sent mal."),
        "115": _("Ce numéro aide les personnes sans abri. Il est gratuit, jour et nuit."),
    }
    return words.get(danger.code) or (danger.say_en if english() else typo(danger.say))
