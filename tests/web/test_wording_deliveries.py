"""A code of a server or of a provider always reads as words; never as a dash."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.http.wording_deliveries import why_not_sent


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("smtp_550", "boîte inconnue ou refusée"),
        ("smtp_451", "le serveur du destinataire demande d’attendre"),
        ("smtp_599", "refusé par le serveur du destinataire"),
        ("sender_553", "notre adresse d’expédition est refusée : réglage à revoir"),
        ("bounce_5.1.1", "boîte inconnue ou refusée"),
        ("bounce_4.2.2", "boîte pleine"),
        ("bounce_5", "message revenu"),
        ("bounce", "message revenu"),
        ("http_401", "clé refusée par le fournisseur : réglage à revoir"),
        ("http_429", "le fournisseur demande d’attendre"),
        ("http_503", "le fournisseur est en panne"),
        ("http_422", "refusé par le fournisseur"),
        ("ConnectTimeout", "pas de réponse à temps"),
        ("ConnectionRefusedError", "le serveur ne répond pas"),
        ("gaierror", "le serveur ne répond pas"),
        ("KeyError", "erreur de notre programme"),
        ("no-such-number", "numéro non attribué"),
        ("OPTED_OUT", "ce numéro ne veut plus de SMS"),
        ("channel_closed", "ce canal n’est pas réglé"),
        ("X42", "autre motif du fournisseur (X42)"),
    ],
)
def test_each_code_has_words(app: Flask, code: str, words: str) -> None:
    with app.test_request_context():
        assert why_not_sent(code).replace("\u202f", " ").replace("\u00a0", " ") == words
