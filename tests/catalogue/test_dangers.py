"""Dangers are heard in whole words, and only dangers."""

from __future__ import annotations

import pytest

from crm.catalogue import dangers_in
from tests.catalogue.from_files import delivered

HEARD = """
ELEC | il y a des fils électriques qui pendent du poteau
ELEC | des fils par terre
ELEC | un cable electrique arraché par le vent
ELEC | le poteau fait des étincelles
ELEC | fils electrique dénudés
ELEC | un câble qui pend au dessus du trottoir
ELEC | mon fils a touché les fils électriques
GAZ | ça sent le gaz dans la rue
GAZ | forte odeur de gaz
GAZ | GAZ !
112 | il y a un blessé
112 | la façade s'est effondrée sur la route
112 | le mur s’est éffondré
112 | la poubelle est en feu
112 | l'eau monte dans le parking
112 | incendit dans le parc, des flammes
17 | il y a une bagarre devant le bar
17 | un homme avec un couteau
15 | une dame fait un malaise
115 | un monsieur dort dehors par ce froid
112 | il y a le feu dans la poubelle devant chez moi
112 | y a le feu au feu rouge de la gare
112 | un départ de feu dans le parc
"""
HARMLESS = """
il n'y a pas de bac à l'adresse
mon adresse est le 12 rue des Lilas
devant le magasin de chaussures
mon fils a perdu son vélo
la tonte du gazon
la facture de gaz est trop chère
une bouteille de gaz abandonnée
la borne incendie fuit
le feu rouge est en panne
un chat blessé dans le jardin
merci pour votre travail
la fille de ma voisine et son petit-fils
un magazine dans la boîte à livres
le tuyau d'arrosage
il n'y a pas de blessé
les armoires du gymnase
une dame très aimable au guichet
la rue Gazan
du fil à linge
le feu tricolore est en panne
il y a le feu rouge qui ne marche plus
ils tirent des feux d’artifice la nuit
"""


def _codes(text: str) -> list[str]:
    return [danger.code for danger in dangers_in(delivered(), text)]


@pytest.mark.parametrize(("code", "text"), [line.split(" | ") for line in HEARD.strip().splitlines()])
def test_a_danger_is_heard(code: str, text: str) -> None:
    assert code in _codes(text)


@pytest.mark.parametrize("text", HARMLESS.strip().splitlines())
def test_what_only_looks_like_a_danger_is_not_one(text: str) -> None:
    assert _codes(text) == []


def test_two_dangers_are_both_heard_in_the_catalogue_s_order() -> None:
    assert _codes("un blessé près des fils électriques et ça sent le gaz") == ["112", "GAZ", "ELEC"]


def test_each_danger_has_words_to_say_aloud_in_both_languages() -> None:
    for danger in delivered().dangers:
        assert danger.say and danger.say_en
        assert not danger.call or danger.call in danger.say.replace("\u202f", " "), danger.code


def test_a_very_long_letter_is_read_in_reasonable_time() -> None:
    assert _codes("bla " * 300 + "fils électriques " + "bla " * 50_000) == ["ELEC"]
