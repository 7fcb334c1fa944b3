"""Forms check shape; actions check right and sense. The app itself checks CSRF on every agent’s POST."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from flask_wtf import FlaskForm
from wtforms.i18n import get_translations

from crm.foundation import Invalid
from crm.http.language import gettext as _
from crm.http.language import language


class CrmForm(FlaskForm):  # type: ignore[misc]
    """A form that is read once the application has checked its token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False  # not a second time

        def get_translations(self, form: object) -> object:
            return _translations(language())

    def refuse(self, refusal: Invalid) -> None:
        """Put what an action refused beside the fields it concerns."""
        for name, code in refusal.fields.items():
            if name in self._fields:
                self._fields[name].errors = [*self._fields[name].errors, reason(code)]


def whole_number(text: str | None) -> int | None:
    """An id or a version as a form carries it; None for anything else, or for what no column could hold."""
    typed = text or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


@lru_cache
def _translations(language: str) -> object:
    """WTForms' own messages; read from their file once a process rather than once a form."""
    return get_translations([language])


def reason(code: str) -> str:
    """What a reason of `Invalid` says to the person who typed."""
    return _reasons().get(code, _("Vérifiez cette case."))


def reasons(refusal: Invalid, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Box → what is wrong with it, for all of them.

    Args:
        names: field → its box, where the form calls it otherwise.
    """
    called = names or {}
    return {called.get(name, name): reason(code) for name, code in refusal.fields.items()}


def _reasons() -> Mapping[str, str]:
    return {
        "required": _("Remplissez cette case."),
        "same": _("C’est la même fiche. Choisissez-en une autre."),
        "other_kind": _("Une personne et un organisme ne sont jamais la même fiche."),
        "compare_first": _("Comparez les deux demandes, puis cochez cette case."),
        "same_demand": _("C’est la référence de cette demande. Écrivez celle de l’autre."),
        "not_followed_any_more": _("Cette demande est annulée ou déjà rattachée à une autre."),
        "has_duplicates": _("D’autres demandes lui sont rattachées : rattachez plutôt l’autre à celle-ci."),
        "too_far": _("C’est trop loin : trente jours au plus."),
        "too_far_away": _("C’est trop loin : un an au plus."),
        "not_later": _("Choisissez un jour après l’échéance actuelle."),
        "ends_first": _("La fin vient après le début, un mois au plus, et n’est pas passée."),
        "concerned_in_charge": _(
            "Ce service est mis en cause : confiez la demande à un autre, ou laissez un superviseur décider."
        ),
        "another_unit": _("Choisissez un autre service, qui n’est pas mis en cause."),
        "not_https": _("Écrivez une adresse qui commence par https://."),
        "no_slot": _("Aucun moment ne tient entre ces dates et ces heures."),
        "name_taken": _("Ce nom est déjà pris : choisissez-en un autre."),
        "confirm_opening": _("Cette demande deviendrait visible de tous : confirmez-le."),
        "confirm_reader": _("Vérifiez à qui part ce message, puis cochez cette case."),
        "nobody_at_work": _("Personne ne répond au centre à cette heure : choisissez-en une autre."),
        "call_too_short_or_long": _("D’une demi-heure à quatre heures, le même jour."),
        "agent_taken": _(
            "Un des agents choisis reçoit déjà à l’un de ces moments : changez l’heure ou l’agent."
        ),
        "too_many_slots": _("Cela ferait plus de deux mille moments : raccourcissez la période."),
        "out_of_bounds": _("Écrivez un nombre raisonnable."),
        "not_an_hour": _("Écrivez une heure, par exemple 14:30."),
        "ends_before": _("La fin vient après le début."),
        "not_yourself": _("Vous ne pouvez pas vous nommer : demandez à un superviseur de la restreindre."),
        "past": _("Choisissez aujourd’hui ou un jour à venir."),
        "unknown": _("Choisissez dans la liste."),
        "another_body": _("C’est un autre organisme : transmettez-lui la demande."),
        "simulate_or_say_why": _("Simulez ce brouillon, ou écrivez pourquoi vous le publiez sans."),
        "say_why_channel": _("Dites pourquoi : l’usager a demandé un autre moyen."),
        "not_asked": _(
            "Il faut deux questions parties et trente jours sans réponse, davantage pour qui a dit quelle "
            "aide il lui faut : choisissez-en une autre."
        ),
        "answer_or_reason": _("Écrivez la réponse, ou dites pourquoi personne ne peut recevoir de réponse."),
        "orders_open": _(
            "D’autres services ont encore une intervention à faire. Attendez leur compte rendu, ou retirez "
            "l’intervention avec un motif."
        ),
        "no_stop_left": _("Plus rien de cela n’est à faire par ce service : choisissez d’autres arrêts."),
        "round_over": _("Cette tournée est passée : choisissez-en une autre."),
        "in_another_round": _(
            "Un arrêt est déjà dans une tournée : laissez-le, ou cochez-le encore une fois."
        ),
        "too_many_stops": _("Quarante arrêts au plus par tournée."),
        "too_many_orders": _("Vingt interventions au plus par demande."),
        "incident_known": _("Un incident est déjà proposé ou déclaré sur cette demande."),
        "others_follow": _(
            "D’autres personnes suivent cette demande : pour elles, le problème est toujours là. Répondez et "
            "closez, elles le liront ; ou retirez-les d’abord dans « Personnes qui suivent »."
        ),
        "not_a_contractor": _("Cette demande n’est pas confiée à un prestataire."),
        "motive_to_lower": _("Pour baisser la priorité, écrivez pourquoi dans la note."),
        "not_a_number": _("Écrivez un nombre, par exemple 3."),
        "not_a_date": _("Écrivez une date, par exemple 24/11/2026."),
        "not_a_choice": _("Choisissez une des réponses proposées."),
        "missing": _("Écrivez un nom, ou au moins un moyen de joindre l’usager."),
        "unreadable": _("Vérifiez l’adresse : elle s’écrit comme nom@exemple.fr."),
        "no_digit": _("Vérifiez le numéro : dix chiffres, ou + et l’indicatif du pays."),
        "email": _("Vérifiez l’adresse : elle s’écrit comme nom@exemple.fr."),
        "phone": _("Vérifiez le numéro : dix chiffres, ou + et l’indicatif du pays."),
        "sms_refused": _(
            "Ce numéro ne veut plus de SMS. Appelez, ou créez une demande et répondez autrement."
        ),
        "verified_elsewhere": _("Il est déjà vérifié sur une autre fiche : comparez les deux fiches."),
        "sms_stopped": _(
            "Ce numéro ne reçoit plus nos SMS : il l’a demandé. Choisissez un autre moyen, ou répondez "
            "REPRENDRE à l’un d’eux."
        ),
        "how_known": _("Dites comment vous l’avez vérifié."),
        "too_many_on_case": _("Cette demande a déjà beaucoup de fichiers : décrivez plutôt ce qui a changé."),
        "photo_or_reason": _("Joignez une photo du travail fait, ou écrivez pourquoi il n’y en a pas."),
        "enough_today": _(
            "Vous nous avez déjà écrit dix fois aujourd’hui. Un agent lit tout : attendez sa réponse, "
            "ou appelez-nous."
        ),
        "enough_links": _(
            "Nous avons déjà envoyé plusieurs liens aujourd’hui. Ouvrez le dernier reçu, ou appelez-nous."
        ),
        "too_soon": _("Vous avez relancé il y a peu : le service le sait."),
        "key_unknown": _("Cette touche n’est pas reconnue. Écrivez par exemple F4, Maj F8 ou Ctrl K."),
        "key_alone": _("Une lettre seule gênerait la saisie et les lecteurs d’écran. Ajoutez Ctrl."),
        "key_alt": _("Alt ouvre les menus et sert aux lecteurs d’écran. Choisissez une autre touche."),
        "key_browser": _("Le navigateur se sert déjà de cette touche. Choisissez-en une autre."),
        "open_already": _(
            "Cette commune est ouverte aux usagers : un jour à venir la leur fermerait d’ici là."
        ),
        "steps_first": _("Faites d’abord les étapes obligatoires : territoire, organisme, accueil."),
        "held": _("Cette commune ne peut plus être retirée : relisez ci-dessous ce qu’elle a."),
        "overlap": _("Ce contour couvre une autre commune : vérifiez le fichier."),
        "key_taken": _("Cette touche sert déjà à une autre action. Une touche ne fait qu’une chose."),
        "wrong_password": _("Ce n’est pas votre mot de passe actuel."),
        "wrong_code": _("Ce code n’est pas le bon. Attendez que l’application en montre un autre."),
        "key_refused": _("La clé n’a pas été enregistrée. Recommencez, ou choisissez l’application."),
        "offered_long_ago": _("Trop de temps a passé : donnez à nouveau votre mot de passe."),
        "too_many_keys": _("Vous avez déjà dix clés : retirez-en une."),
        "last_factor": _("Votre rôle demande une seconde preuve : ajoutez-en une autre avant de la retirer."),
        "same_password": _("C’est le même mot de passe. Choisissez-en un autre."),
        "too_short": _("C’est trop court : 14 caractères au moins."),
        "too_simple": _("C’est trop simple : variez les caractères."),
        "too_long": _("C’est trop long : raccourcissez."),
        "minutes": _("Donnez une durée en chiffres, plus grande que zéro et vraisemblable."),
        "too_many_chosen": _("Cinq mille demandes au plus à la fois : choisissez-en moins."),
        "too_many": _("Vous avez déjà vingt listes : retirez-en une."),
        "shared_already": _("Un collègue partage déjà une liste de ce nom : choisissez un autre nom."),
        "future": _("Cette date n’est pas encore arrivée."),
        "too_old": _("Cette date est trop ancienne : vérifiez l’année."),
        "before_the_next": _("Une version est déjà prévue plus tard : celle-ci ne peut prendre effet avant."),
        "body_to_refer": _("Cet organisme n’est pas à nous : choisissez « Transmettre à cet organisme »."),
        "before_start": _("Choisissez un jour qui ne précède pas le début."),
        "to_mend_first": _("Corrigez d’abord ce qui est signalé plus haut."),
        "domain_full": _("Ce domaine a déjà quatre-vingt-dix-neuf catégories."),
        "to_mend": _("Des règles sont à corriger avant de publier."),
        "to_correct": _("Corrigez d’abord ce qui empêche de publier."),
        "nothing_instead": _("Rien ne servirait à sa place : changez ce texte plutôt que de le retirer."),
        "last_admin": _(
            "C’est le dernier compte d’administration en service : donnez d’abord ce rôle à un collègue."
        ),
        "siret": _("Un numéro SIRET a quatorze chiffres."),
        "disabled": _("Ce compte est désactivé : remettez-le d’abord en service."),
        "known": _("Il est déjà dans la liste."),
        "no_demands": _(
            "Ce collègue n’enregistre pas de demandes : il ne pourrait pas finir les brouillons."
        ),
        "nothing_changed": _("Rien ne diffère de la version d’avant."),
        "nobody_to_ask": _("L’usager n’a laissé aucun moyen de le joindre."),
        "no_way_to_answer": _("Indiquez comment vous joindre, ou choisissez de ne pas avoir de réponse."),
    }
