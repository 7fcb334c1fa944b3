"""Sentences of agents, organisations, units and communes, as their sheets tell them."""

from __future__ import annotations

from collections.abc import Mapping

from crm.trail.sentence import N_, Sentence

PEOPLE: Mapping[str, Sentence] = {
    "agent.created": Sentence(N_("Compte créé. Rôle : %(roles)s."), bare=N_("Compte créé.")),
    "agent.changed": Sentence(N_("Fiche corrigée : %(what)s.")),
    "agent.invited": Sentence(N_("Lien envoyé pour choisir un mot de passe.")),
    "agent.joined": Sentence(N_("Mot de passe choisi par le lien reçu.")),
    "agent.unlocked": Sentence(N_("Compte débloqué.")),
    "agent.enabled": Sentence(N_("Compte remis en service.")),
    "agent.disabled": Sentence(N_("Compte désactivé.")),
    "agent.handed_over": Sentence(
        N_(
            "Travail remis à un collègue ou au service. Brouillons : %(drafts)s. Demandes : %(cases)s. "
            "Interventions : %(orders)s."
        )
    ),
    "agent.role_given": Sentence(N_("Rôle donné : %(role)s.")),
    "agent.role_taken": Sentence(N_("Rôle retiré : %(role)s.")),
    # Nothing says it any more (see the two above), but what was written stays readable.
    "agent.roles_changed": Sentence(N_("Rôles changés : %(roles)s.")),
    "agent.skills_changed": Sentence(N_("Savoir-faire mis à jour.")),
    "agent.logged_in": Sentence(N_("Connexion.")),
    "agent.vouched_for": Sentence(N_("Reconnu par un fournisseur d’identité.")),
    "agent.logged_out": Sentence(N_("Déconnexion.")),
    "agent.log_in_failed": Sentence(N_("Connexion refusée.")),
    "agent.password_changed": Sentence(N_("Mot de passe changé.")),
    "agent.anonymity_changed": Sentence(N_("Anonymat de l’agent changé.")),
    "agent.preferences_changed": Sentence(N_("Préférences d’affichage changées.")),
    "agent.locked": Sentence(N_("Compte bloqué après trop d’essais.")),
    "view.saved": Sentence(N_("Liste enregistrée.")),
    "view.forgotten": Sentence(N_("Liste enregistrée retirée.")),
    "organizations.loaded": Sentence(N_("Organismes et services chargés.")),
    "key.created": Sentence(N_("Clé d’accès créée.")),
    "key.revoked": Sentence(N_("Clé d’accès retirée.")),
    "organization.added": Sentence(N_("Organisme ajouté.")),
    "organization.changed": Sentence(N_("Organisme corrigé : %(what)s.")),
    "unit.added": Sentence(N_("Service ajouté.")),
    "unit.changed": Sentence(N_("Service corrigé : %(what)s.")),
    "unit.closed": Sentence(
        N_("Service fermé. Ce qu’il avait passe au service « %(unit)s »."), bare=N_("Service fermé.")
    ),
    "unit.calendar_given": Sentence(N_("Calendrier de travail changé.")),
    "unit.reopened": Sentence(N_("Service remis en activité.")),
    "skill.added": Sentence(N_("Savoir-faire ajouté à la liste.")),
    "skill.retired": Sentence(N_("Savoir-faire retiré de la liste.")),
    "commune.added": Sentence(N_("Commune ajoutée : elle se prépare.")),
    "commune.taken_back": Sentence(N_("Commune ajoutée par erreur, retirée : « %(note)s ».")),
    "commune.step_said": Sentence(N_("Étape faite : %(step)s.")),
    "commune.step_unsaid": Sentence(N_("Étape à refaire : %(step)s.")),
    "commune.go_live_decided": Sentence(N_("Ouverture : %(live_on)s.")),
}
