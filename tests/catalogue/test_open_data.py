"""The suggestions against five thousand real reports of Paris, by the names their own tool gives them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from crm.catalogue import CategoryIndex
from tests.catalogue.from_files import delivered

# How a sub-type begins, and the leaves it may go to in our two-level catalogue. Longest beginning first wins.
MAPPING = """
Autres objets encombrants abandonnés | PROP-01
Graffitis et autocollants | PROP-04
Graffitis sur rideau métallique | PROP-04
Affiches, autocollants ou graffitis | PROP-04
Affiches | PROP-04
Peinture sur trottoir | PROP-04
Inscriptions haineuses | PROP-04
Déchets et/ou salissures divers | PROP-02 PROP-01
Cartons ou sacs de déchets | PROP-01
Gravats | PROP-01
Automobile ou autre véhicule | MOBI-01
Deux-roues motorisé en stationnement | MOBI-01
Propreté des équipements de collecte des déchets : Poubelle de rue | PROP-03
Collecte des déchets : Poubelle de rue | PROP-03
Collecte des déchets : Colonne à verre | DECH-04
Collecte des déchets : Conteneur | DECH-04
Épanchement d'urine | PROP-05
Déjections canines | PROP-05
Mégots | PROP-02
Propreté du sol : Feuilles mortes | PROP-02
Protection : Potelet | MOBU-01
Autres : Banc | MOBU-01
Autres : Abribus | MOBU-01
Autres : Autre mobilier urbain | MOBU-01
Abribus | MOBU-01
Panneaux routiers | SIGN-02
Trottoirs : Revêtement | VOIR-03
Trottoirs : Affaissement | VOIR-03
Trottoirs : Bordure | VOIR-03
Chaussées : Affaissement | VOIR-01 VOIR-02
Chaussées : Revêtement | VOIR-01
Trappes ou grilles | VOIR-04
Chantier : Chantier de voirie | VOIR-05
Éclairage public éteint | ECLA-01 ECLA-02
Éclairage public allumé | ECLA-01
Fils électriques | ECLA-03
Boitier | ECLA-03
Panneau d'information ou publicitaire : Plaque de nom de rue | SIGN-03
Marquage au sol | SIGN-03
Feux tricolores | SIGN-01
Présence de rats | VERT-05
Pied d'arbre : Végétation | VERT-02
Arbre dangereux | VERT-01
Autres : Jeux d'enfants | VERT-04
Épave | MOBI-02
Autres problèmes d'animaux et d'insectes : Présence d'un animal mort | PROP-07
Autres problèmes d'eau | EAU-01 EAU-05
Étalages et terrasses à usage commercial : Nuisance sonore | TRAN-01
Aménagements cyclables | MOBI-05
Horodateur | MOBI-03
WC publics | MOBU-02
Fontaine | MOBU-02
Objets infestés de punaises | PROP-01 VERT-05
Herbes éparses | PROP-02 VERT-02
"""


def _expected(name: str) -> set[str]:
    lines = [line.split(" | ") for line in MAPPING.strip().splitlines()]
    found = [(start, codes) for start, codes in lines if name.startswith(start)]
    return set(max(found, key=lambda pair: len(pair[0]))[1].split()) if found else set()


@pytest.mark.open_data
def test_names_of_real_reports_lead_to_our_leaves(open_data: Path) -> None:
    # given
    path = open_data / "requests" / "dansmarue_paris_a.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = Counter(re.sub(r"\[[^\]]*\]", "", row["soustype"]).strip() for row in csv.DictReader(file))
    known = {name: (_expected(name), times) for name, times in names.items() if _expected(name)}
    assert sum(times for _, times in known.values()) >= 0.85 * names.total()
    # when
    index = CategoryIndex(delivered())
    ranked = {name: [s.code for s in index.suggest(name)] for name in known}
    # then
    total = sum(times for _, times in known.values())
    first = sum(times for name, (codes, times) in known.items() if codes & set(ranked[name][:1]))
    among = sum(times for name, (codes, times) in known.items() if codes & set(ranked[name][:3]))
    kinds = sum(bool(codes & set(ranked[name][:3])) for name, (codes, _) in known.items())
    rates = f"{len(known)} kinds, {total} reports: first {first / total:.3f}, among three {among / total:.3f}"
    assert first / total >= 0.95, rates
    assert among / total >= 0.98, rates
    assert kinds / len(known) >= 0.9
