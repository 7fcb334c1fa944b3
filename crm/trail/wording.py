"""One sentence for each kind of fact, for those who work here and, when it may be told, for the resident.

`%(unit)s` stands for what the fact says under `unit` or `unit_id`: the reader's room knows how it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from crm.trail.account_sentences import ACCOUNTS
from crm.trail.contact_sentences import CONTACTS
from crm.trail.ground_sentences import GROUND
from crm.trail.outside_sentences import OUTSIDE, TO_OTHERS
from crm.trail.people_sentences import PEOPLE
from crm.trail.queries import TrailEntry
from crm.trail.sentence import N_, Sentence
from crm.trail.together_sentences import TOGETHER
from crm.trail.work_sentences import WORK

_CASES: Mapping[str, Sentence] = {
    "case.opened": Sentence(
        N_("Demande enregistrée (%(channel)s)."),
        N_("Votre demande est enregistrée."),
        N_("Demande enregistrée."),
    ),
    "case.routed": Sentence(
        N_("Demande transmise au service « %(unit)s »."),
        N_("Votre demande est transmise au service « %(unit)s »."),
    ),
    "case.unroutable": Sentence(N_("Demande à qualifier : %(reason)s."), bare=N_("Demande à qualifier.")),
    "case.refused": Sentence(
        N_("Demande hors de notre compétence : l’usager sait à qui s’adresser."),
        N_("Ce sujet ne dépend pas de nos services."),
    ),
    "case.referred": Sentence(
        N_("Demande transmise à l’organisme compétent : %(unit)s."),
        N_("Votre demande est transmise à l’organisme compétent : %(unit)s."),
        N_("Demande transmise à l’organisme compétent."),
        N_("Votre demande est transmise à l’organisme compétent."),
    ),
    "case.returned": Sentence(
        N_("L’organisme a refusé : la demande revient au centre."),
        N_("L’organisme ne peut pas la traiter : nous cherchons de nouveau le bon service."),
    ),
    "case.accepted": Sentence(
        N_("Demande prise en charge."), N_("Le service a pris votre demande en charge.")
    ),
    "case.planned": Sentence(
        N_("Intervention prévue le %(planned_on)s."), N_("L’intervention est prévue le %(planned_on)s.")
    ),
    "case.secured": Sentence(
        N_("Mise en sécurité faite ; travaux définitifs prévus le %(planned_on)s."),
        N_("Le danger est écarté. La réparation définitive est prévue le %(planned_on)s."),
    ),
    "case.asked": Sentence(N_("Question posée à l’usager."), N_("Nous vous avons posé une question.")),
    "case.replied": Sentence(N_("L’usager a répondu."), N_("Vous avez répondu à notre question.")),
    "case.awaits_partner": Sentence(
        N_("En attente d’un partenaire."), N_("Nous attendons la réponse d’un partenaire.")
    ),
    "case.resumed": Sentence(N_("Le travail reprend."), N_("Le service reprend le travail.")),
    "case.bounced": Sentence(N_("Demande renvoyée par le service : %(reason)s.")),
    "case.resolved": Sentence(
        N_("Traitée par le service : %(outcome)s."), N_("Le service a terminé. Nous préparons notre réponse.")
    ),
    "case.closed": Sentence(N_("Demande close : %(outcome)s."), N_("Votre demande est terminée.")),
    "case.taken_back": Sentence(N_("Message repris avant son envoi : la demande revient où elle était.")),
    "case.cancelled": Sentence(N_("Demande annulée."), N_("Votre demande est annulée.")),
    "case.reopened": Sentence(N_("Demande rouverte : %(reason)s."), N_("Votre demande est rouverte.")),
    "case.followed": Sentence(N_("Une personne de plus suit cette demande (%(channel)s).")),
    "case.unfollowed": Sentence(N_("Une personne ne suit plus cette demande.")),
    "case.follower_spoke": Sentence(N_("Une personne qui suit la demande a apporté une précision.")),
    "case.followers_told": Sentence(N_("Personnes qui suivent prévenues : %(how_many)s (%(news)s).")),
    "case.merged": Sentence(
        N_("Rattachée à la demande %(reference)s, qui signale la même chose."),
        N_("Votre demande est jointe à une autre, qui signale la même chose."),
    ),
    "case.joined": Sentence(N_("La demande %(reference)s, qui signale la même chose, lui est rattachée.")),
    "case.unmerged": Sentence(
        N_("Détachée de la demande %(reference)s : ce n’était pas la même chose."),
        N_("Votre demande est de nouveau suivie à part."),
    ),
    "case.parted": Sentence(N_("La demande %(reference)s n’y est plus rattachée.")),
    "case.resembled": Sentence(N_("Demandes proches au moment de l’enregistrement : %(references)s.")),
    "incident.suspected": Sentence(
        N_("Incident possible : %(how_many)s personnes de plus en moins d’une heure.")
    ),
    "incident.proposed": Sentence(N_("Incident proposé par un agent.")),
    "incident.declared": Sentence(N_("Incident déclaré : les agents ont une réponse à donner.")),
    "incident.ended": Sentence(N_("Incident terminé.")),
    "incident.moved": Sentence(N_("Incident repris de la demande rattachée.")),
    "incident.over_said": Sentence(N_("Fin de l’incident dite à chacun, par son canal.")),
    "case.edited": Sentence(N_("Demande corrigée.")),
    "case.danger_said": Sentence(N_("Consigne de danger dite et vérifiée : « %(danger)s ».")),
    "case.danger_unsaid": Sentence(N_("Danger entendu, consigne non confirmée : « %(danger)s ».")),
    "case.noted": Sentence(N_("Note ajoutée.")),
    "case.precised": Sentence(
        N_("L’usager a apporté une précision."), N_("Vous avez apporté une précision.")
    ),
}
_TALK: Mapping[str, Sentence] = {
    "case.written": Sentence(N_("L’usager a écrit au centre."), N_("Vous nous avez écrit.")),
    "case.message_answered": Sentence(
        N_("Réponse donnée à l’usager, sans clore."), N_("Nous avons répondu à votre message.")
    ),
    "case.message_read": Sentence(
        N_("Message de l’usager lu : il n’appelle pas de réponse."), N_("Nous avons lu votre message.")
    ),
    "case.reminded": Sentence(
        N_("L’usager relance : il demande où en est sa demande."), N_("Vous avez relancé le service.")
    ),
    "case.answer_way_asked": Sentence(
        N_("L’usager demande à être répondu ailleurs (%(channel)s) : il doit encore le confirmer."),
        N_("Vous avez demandé à être répondu ailleurs (%(channel)s) : il reste à le confirmer."),
    ),
    "case.answer_way_changed": Sentence(
        N_("L’usager a changé la façon de lui répondre (%(channel)s)."),
        N_("Vous avez changé la façon de vous répondre (%(channel)s)."),
    ),
    "receipt.held_back": Sentence(
        N_("Accusé d’enregistrement retenu : trop d’accusés sont partis aujourd’hui à cette adresse.")
    ),
    "receipt.waived": Sentence(N_("Accusé non dû : envoi jugé abusif.")),
}
_EXCHANGES: Mapping[str, Sentence] = {
    "interaction.recorded": Sentence(
        N_("Échange noté : %(interaction_kind)s (%(channel)s)."), bare=N_("Échange noté.")
    ),
    "note.added": Sentence(N_("Note interne : %(note_kind)s."), bare=N_("Note interne.")),
    "message.queued": Sentence(N_("Message préparé : %(message_kind)s (%(channel)s).")),
    "message.sent": Sentence(
        N_("Message envoyé : %(message_kind)s (%(channel)s)."), N_("Nous vous avons écrit (%(channel)s).")
    ),
    "message.refused": Sentence(N_("Message refusé : %(message_kind)s (%(channel)s).")),
    "message.cancelled": Sentence(N_("Message annulé avant son envoi : %(message_kind)s (%(channel)s).")),
    "letter.printed": Sentence(
        N_("Courrier imprimé : %(message_kind)s."), N_("Nous vous avons écrit par courrier.")
    ),
    "call.made": Sentence(N_("Appel passé à l’usager.")),
    "call.ended": Sentence(N_("Appel sans demande : %(reason)s.")),
    "files.received": Sentence(
        N_("Fichiers reçus de l’usager : %(count)s."), N_("Vous avez joint des fichiers : %(count)s.")
    ),
    "files.asked": Sentence(N_("Photo donnée par un partenaire : elle est à récupérer.")),
    "files.not_fetched": Sentence(N_("Photo donnée par un partenaire, non récupérée : %(reason)s.")),
    "files.added": Sentence(N_("Fichiers ajoutés au dossier : %(count)s.")),
    "files.withdrawn": Sentence(N_("Fichier retiré du dossier.")),
}
_HOUSE: Mapping[str, Sentence] = {
    "lot.started": Sentence(N_("Travail lancé sur %(how_many)s demandes.")),
    "lot.ended": Sentence(N_("Travail fini : %(done)s demandes faites, %(refused)s refusées.")),
    "list.exported": Sentence(N_("Liste exportée.")),
    "territory.loaded": Sentence(N_("Territoire chargé.")),
    "catalogue.loaded": Sentence(N_("Catalogue chargé.")),
    "replies.loaded": Sentence(N_("Réponses types chargées.")),
    "revision.published": Sentence(N_("Version %(number)s publiée.")),
    "routing.loaded": Sentence(N_("Règles de compétence chargées.")),
    "routing.published": Sentence(
        N_("Version %(version)s publiée, à partir du %(effective_at)s."),
        bare=N_("Règles de compétence publiées."),
    ),
    "routing.withdrawn": Sentence(N_("Version %(version)s retirée avant de prendre effet.")),
    "routing.draft_started": Sentence(
        N_("Brouillon commencé, fait de la version %(version)s."), bare=N_("Brouillon commencé.")
    ),
    "routing.draft_dropped": Sentence(N_("Brouillon abandonné.")),
    "routing.draft_refreshed": Sentence(N_("Changements repris sur la version %(version)s.")),
    "routing.rule_added": Sentence(N_("Règle %(rule)s ajoutée.")),
    "routing.rule_changed": Sentence(N_("Règle %(rule)s changée.")),
    "routing.rule_removed": Sentence(N_("Règle %(rule)s retirée.")),
    "routing.simulation_asked": Sentence(N_("Simulation demandée.")),
    "calendar.published": Sentence(N_("Calendrier publié : version %(version)s.")),
    "calendar.planned": Sentence(N_("Calendrier publié pour un jour à venir : %(takes_effect_on)s.")),
    "calendar.withdrawn": Sentence(N_("Calendrier à venir retiré avant son jour.")),
    "calendar.retired": Sentence(N_("Calendrier retiré.")),
    "calendar.restored": Sentence(N_("Calendrier remis en usage.")),
    "notices.chosen": Sentence(N_("Préférences de notification changées.")),
    "on_call.planned": Sentence(N_("Astreinte prévue.")),
    "on_call.withdrawn": Sentence(N_("Astreinte retirée.")),
    "space.link_asked": Sentence(N_("Lien d’espace personnel demandé.")),
    "space.entered": Sentence(N_("Entrée dans un espace personnel (%(proof)s).")),
    "space.left": Sentence(N_("Sortie d’un espace personnel.")),
    "webhook.subscribed": Sentence(N_("Abonnement d’un programme créé.")),
    "webhook.changed": Sentence(N_("Abonnement d’un programme changé.")),
    "webhook.secret_renewed": Sentence(N_("Secret d’un abonnement renouvelé.")),
    "webhook.due": Sentence(N_("Notification à envoyer à un programme abonné.")),
    "inbound.stored": Sentence(N_("Arrivée gardée telle quelle (%(channel)s).")),
    "inbound.settled": Sentence(N_("Arrivée traitée : %(outcome)s (%(channel)s).")),
    "walk_in.arrived": Sentence(N_("Numéro %(number)s donné au guichet.")),
    "walk_in.seen": Sentence(N_("Numéro %(number)s reçu au guichet.")),
    "draft.taken_over": Sentence(N_("Brouillon d’un usager repris par un agent.")),
    "draft.linked": Sentence(N_("Lien envoyé pour terminer un brouillon en ligne (%(channel)s).")),
    "draft.reopened": Sentence(N_("Brouillon rouvert en ligne par l’usager.")),
    "letters.batched": Sentence(N_("Lot de courriers préparé : %(count)s.")),
    "letters.unbatched": Sentence(N_("Lot de courriers défait.")),
    "delivery.parked": Sentence(N_("Envoi mis de côté après trop d’essais.")),
    "delivery.retried": Sentence(N_("Envoi remis en route.")),
}
SENTENCES: Mapping[str, Sentence] = {
    **TOGETHER,
    **_CASES,
    **GROUND,
    **_TALK,
    **_EXCHANGES,
    **CONTACTS,
    **ACCOUNTS,
    **OUTSIDE,
    **PEOPLE,
    **_HOUSE,
    **WORK,
}
PUBLIC_KINDS = frozenset(kind for kind, sentence in SENTENCES.items() if sentence.public is not None)

_WHO: Mapping[str, str] = {
    "resident": N_("L’usager"),
    "system": N_("Automatique"),
    "partner": N_("Un partenaire"),
    "guest": N_("Une personne extérieure, par son lien"),
    "agent": N_("Un agent"),
}
# Decided by the rules in the act of registering, whoever registers; by hand, a motive goes with them.
_DECIDED = frozenset({"case.routed", "case.unroutable", "case.refused", "case.referred"})
_HOLE = re.compile(r"%\((\w+)\)s")

Say = Callable[[TrailEntry, str, object], str]
Translate = Callable[[str], str]
Names = Mapping[tuple[str, int], str]


def sentence(entry: TrailEntry, say: Say, translate: Translate, *, public: bool = False) -> str | None:
    """What happened, in a sentence; None when the resident is not told.

    Args:
        say: the word for what the fact holds: (fact, "unit", 3) → `Éclairage public`.
        translate: gives a sentence in the reader's language.
    """
    known = SENTENCES.get(entry.kind, Sentence(entry.kind))
    wanted = known.public if public else known.text
    if wanted is None or (public and not is_public(entry)):
        return None
    held = {hole: _held(entry, hole) for hole in _HOLE.findall(wanted)}
    if None in held.values():
        bare = known.bare_public if public else known.bare
        return translate(bare) if bare else _without_holes(translate(wanted))
    return translate(wanted) % {hole: say(entry, hole, value) for hole, value in held.items()}


def is_public(entry: TrailEntry) -> bool:
    """The resident is told of it: never of what was written to somebody else."""
    return entry.kind in PUBLIC_KINDS and entry.data.get("message_kind") not in TO_OTHERS


def who(entry: TrailEntry, names: Names, translate: Translate) -> str:
    """`Aïcha Diallo, Mairie de Valbrune`, or what kind of actor it was."""
    if entry.kind in _DECIDED and not entry.data.get("interaction_id"):
        return translate(_WHO["system"])
    known = names.get((entry.actor_kind, entry.actor_id or 0)) or translate(
        _WHO.get(entry.actor_kind, _WHO["system"])
    )
    organization = names.get(("organization", entry.organization_id or 0))
    return f"{known}, {organization}" if organization else known


def mentioned(entries: Iterable[TrailEntry]) -> dict[str, set[int]]:
    """Ids of the agents, organisations and units that the facts name, so that names come in one look-up."""
    found: dict[str, set[int]] = {"agent": set(), "organization": set(), "unit": set()}
    for entry in entries:
        if entry.actor_kind == "agent" and entry.actor_id is not None:
            found["agent"].add(entry.actor_id)
        if entry.organization_id is not None:
            found["organization"].add(entry.organization_id)
        found["unit"] |= {value for key in ("unit_id", "from_unit_id") if (value := entry.data.get(key))}
    return found


def _held(entry: TrailEntry, hole: str) -> object | None:
    value: object | None = entry.data.get(hole, entry.data.get(f"{hole}_id"))
    return value


def _without_holes(text: str) -> str:
    return _HOLE.sub("…", text)
