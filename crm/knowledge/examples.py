"""Values as long as real ones: a text is read with them before any usager reads it."""

from __future__ import annotations

from collections.abc import Mapping

from crm.knowledge.mentions import SILENCE
from crm.knowledge.templates import NOT_SAID_ALOUD

_VALUES: Mapping[str, str] = {
    "reference": "2026-004217-63",
    "object": "Lampadaire éteint",
    "place": "12 rue des Lilas, Rivebois",
    "unit": "Éclairage public nord",
    "unit_address": "4 rue des Ateliers, 99000 Rivebois",
    "unit_phone": "01 99 00 00 12",
    "unit_email": "eclairage@rivebois.example",
    "due_date": "mardi 22 septembre 2026",
    "received_date": "mardi 15 septembre 2026",
    "safe_date": "mardi 15 septembre 2026",
    "outcome_text": "Le travail est fait.",
    "report": "La lampe est changée.",
    "link": "https://rivebois.example/suivi/7KQ2mZx0-vB9tLw4sYp1RcHd8uNe6JfA",
    "receipt_link": "https://rivebois.example/accuse/7KQ2mZx0-vB9tLw4sYp1RcHd8uNe6JfA",
    "guest_link": "https://rivebois.example/invite/7KQ2mZx0-vB9tLw4sYp1RcHd8uNe6JfA",
    "centre_phone": "01 99 00 00 00",
    "centre_hours": "du lundi au samedi de 8 h à 19 h",
    "agent": "Métropole de Rivebois",
    "question": "Quel est le numéro écrit sur le mât ?",
    "today": "mardi 15 septembre 2026",
    "organization": "le Département",
    "advice": "Vous pouvez demander une aide au département.",
    "implicit_decision_date": "dimanche 15 novembre 2026",
    "implicit_acceptance_date": "dimanche 15 novembre 2026",
    "words": "La lampe est éteinte depuis lundi.",
    "details": "Numéro sur le mât : 12-045 · Des fils pendent-ils ? non",
    "usager": "Camille Roux, 06 39 98 12 34",
    "message": "Une équipe passe jeudi.",
    "appointment_day": "mardi 22 septembre 2026",
    "appointment_hour": "14 h 30",
    "appointment_how": "à l’accueil",
    "appointment_place": "4 rue des Ateliers, Rivebois",
    "appointment_link": "https://rivebois.example/rdv/7KQ2mZx0-vB9tLw4sYp1RcHd8uNe6JfA",
    "call_day": "mardi 22 septembre 2026",
    "call_from": "14 h",
    "call_until": "15 h",
    "call_number": "06 39 98 12 34",
}
# As an SMS says days.
_IN_FIGURES = {
    **dict.fromkeys(("today", "received_date", "safe_date"), "15/09"),
    **dict.fromkeys(("due_date", "appointment_day", "call_day"), "22/09"),
}
_IN_ENGLISH: Mapping[str, str] = {
    "object": "Street light out",
    "due_date": "Tuesday 22 September 2026",
    "received_date": "Tuesday 15 September 2026",
    "safe_date": "Tuesday 15 September 2026",
    "today": "Tuesday 15 September 2026",
    "implicit_decision_date": "Sunday 15 November 2026",
    "implicit_acceptance_date": "Sunday 15 November 2026",
    "outcome_text": "The work is done.",
    "centre_hours": "Monday to Saturday, 8:00 to 19:00",
    "appointment_day": "Tuesday 22 September 2026",
    "appointment_hour": "14:30",
    "appointment_how": "at our office",
    "call_day": "Tuesday 22 September 2026",
    "call_from": "14:00",
    "call_until": "15:00",
}
_IN_ENGLISH_FIGURES = {hole: f"{day[:2]} Sept" for hole, day in _IN_FIGURES.items()}


def example_values(regime: str | None = None, channel: str = "", language: str = "") -> dict[str, str]:
    """Every hole with a value, as the channel says it.

    Args:
        regime: of a category: the date of silence is then its own, or none; without one, both are there.
    """
    figures = _IN_ENGLISH_FIGURES if language else _IN_FIGURES
    values = {**_VALUES, **(_IN_ENGLISH if language else {}), **(figures if channel == "sms" else {})}
    if channel == "phone":
        values |= dict.fromkeys(NOT_SAID_ALOUD, "")
    if regime is None:
        return values
    kept = SILENCE.get(regime)
    return {name: text for name, text in values.items() if name not in SILENCE.values() or name == kept}
