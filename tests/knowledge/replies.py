"""The delivered reply templates, straight from their files, and values that look like real ones."""

from __future__ import annotations

from functools import cache

from crm.foundation import ROOT
from crm.knowledge import ReplyTemplate
from crm.knowledge.files import read_folder
from tests.catalogue.from_files import delivered

FOLDER = ROOT / "config" / "replies"
VALUES = {
    "reference": "2026-004217-63",
    "object": "Lampadaire éteint, qui clignote, allumé le jour",
    "place": "12 rue des Lilas, Rivebois",
    "unit": "Éclairage public nord",
    "unit_address": "4 rue des Ateliers, 99000 Rivebois",
    "unit_phone": "01 99 00 00 12",
    "unit_email": "eclairage@rivebois.example",
    "due_date": "22 septembre 2026",
    "safe_date": "15 septembre 2026",
    "received_date": "15 septembre 2026 à 10 h",
    "outcome_text": "Le travail est fait.",
    "report": "La lampe est changée.",
    "link": "https://rivebois.example/suivi/7KQ2",
    "centre_phone": "01 99 00 00 00",
    "centre_hours": "du lundi au samedi de 8 h à 19 h",
    "agent": "Camille Roux, chargée de relation",
    "question": "Quel est le numéro écrit sur le mât ?",
    "today": "18 septembre 2026",
    "organization": "le Département",
    "advice": "Vous pouvez demander une aide au département.",
    "implicit_decision_date": "15 novembre 2026",
    "implicit_acceptance_date": "16 novembre 2026",
    "receipt_link": "https://rivebois.example/accuse/7KQ2",
    "words": "La lampe est éteinte depuis lundi.",
    "usager": "Camille Roux, 06 39 98 12 34",
    "message": "Une équipe passe jeudi.",
    "appointment_day": "mardi 22 septembre",
    "appointment_hour": "14 h 30",
    "appointment_how": "à l’accueil",
    "appointment_place": "4 rue des Ateliers, Rivebois",
    "appointment_link": "https://rivebois.example/rdv/7KQ2",
    "call_day": "mardi 22 septembre",
    "call_from": "14 h",
    "call_until": "15 h",
    "call_number": "06 39 98 12 34",
    "guest_link": "https://rivebois.example/invite/7KQ2",
}


@cache
def replies() -> tuple[ReplyTemplate, ...]:
    return tuple(read_folder(FOLDER, delivered()))


def name(template: ReplyTemplate) -> str:
    return " ".join(part for part in template.use if part)
