"""Sentences of usagers’ sheets and of the ways to reach them."""

from __future__ import annotations

from collections.abc import Mapping

from crm.trail.sentence import N_, Sentence

CONTACTS: Mapping[str, Sentence] = {
    "contact.created": Sentence(N_("Fiche d’usager créée.")),
    "contact.edited": Sentence(N_("Fiche d’usager corrigée.")),
    "contact.seen": Sentence(N_("Fiche d’usager ouverte.")),
    "contact.opened_outside": Sentence(N_("Fiche d’usager ouverte hors périmètre, avec un motif.")),
    "contact.revealed": Sentence(N_("Coordonnées de l’usager affichées.")),
    "contact.point_failed": Sentence(N_("Un moyen de joindre l’usager ne répond plus.")),
    "contact.point_verified": Sentence(N_("L’usager a prouvé qu’un moyen de le joindre est à lui.")),
    "contact.point_doubted": Sentence(N_("Un moyen de joindre l’usager n’est plus tenu pour vérifié.")),
    "sms.refused": Sentence(N_("Un numéro ne veut plus de SMS.")),
    "sms.accepted": Sentence(N_("Un numéro veut de nouveau des SMS.")),
    "contact.support_changed": Sentence(N_("Besoins d’accompagnement mis à jour, à la demande de l’usager.")),
    "contact.relation_changed": Sentence(N_("Lien avec un autre usager mis à jour.")),
    "contact.merged": Sentence(N_("Fiche fusionnée avec une autre : c’est la même personne.")),
    "contact.parted": Sentence(N_("Fusion défaite : ce n’était pas la même personne.")),
    "contact.told_apart": Sentence(N_("Comparée à une autre fiche : ce n’est pas la même personne.")),
}
