"""What the law wants a receipt to say: asked of the template when it is loaded, of the text when it is made.

Sources: CRPA R112-11-1 and R112-5 (acknowledgement), R112-11-3 (registration). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crm.knowledge.templates import ReplyTemplate, placeholders_in

REGISTRATION, ACKNOWLEDGEMENT = "registration", "acknowledgement"
REJECTION, ACCEPTANCE = "implicit_rejection", "implicit_acceptance"
SILENCE = {REJECTION: "implicit_decision_date", ACCEPTANCE: "implicit_acceptance_date"}
_SERVICE = ("received_date", "unit", "unit_phone")
_WHERE = ("unit_address", "unit_email")  # one of the two is enough
# What must stand beside the date: the routes of appeal, or the right to an attestation (L232-3).
_WORDS = {REJECTION: ("tribunal", "cada"), ACCEPTANCE: ("attestation",)}
# One month of silence refuses a document (R311-13): the CADA is seized before the court (L342-1, R343-1).
_DOCUMENT_MONTHS, _DOCUMENT_WORDS = 1, ("cada",)
_ADVICE = {
    REJECTION: "dites les voies et délais de recours (tribunal, médiateur) près de {implicit_decision_date}",
    ACCEPTANCE: "dites le droit à une attestation (L232-3) près de {implicit_acceptance_date}",
}
_DOCUMENT_ADVICE = "dites que la CADA se saisit dans les deux mois, avant le tribunal (R343-1)"


def lacking_mentions(template: ReplyTemplate, regime: str | None, months: int = 0) -> Iterator[str]:
    """What a receipt's template may not go without, in French, one sentence each; nothing for another text.

    Args:
        regime: of the category it is for; None when it serves several, and so every regime.
        months: after which silence decides for that category.
    """
    if template.message not in (REGISTRATION, ACKNOWLEDGEMENT) or template.channel == "phone":
        return
    holes = set(placeholders_in(template.body))
    if template.channel == "sms":
        yield from _need(holes, "reference", "receipt_link")
        return
    if template.message == REGISTRATION:
        yield from _need(holes, "reference", "received_date")
    else:
        yield from _need(holes, "reference", *_SERVICE)
        if not holes & set(_WHERE):
            yield "mention obligatoire absente : {unit_address} ou {unit_email} (CRPA, R112-11-1)"
    yield from _silence(template, holes, regime)
    if _is_of_documents(regime, months) and not _says(template.body, _DOCUMENT_WORDS):
        yield _DOCUMENT_ADVICE


def _silence(template: ReplyTemplate, holes: set[str], regime: str | None) -> Iterator[str]:
    wanted = {SILENCE[regime]} if regime in SILENCE else set(SILENCE.values()) if regime is None else set()
    if template.message == ACKNOWLEDGEMENT:
        yield from _need(holes, *sorted(wanted))
    for told, hole in SILENCE.items():
        if hole in holes and not _says(template.body, _WORDS[told]):
            yield _ADVICE[told]


def _need(holes: set[str], *names: str) -> Iterator[str]:
    for name in names:
        if name not in holes:
            yield f"mention obligatoire absente : {{{name}}} (CRPA, R112-11-1)"


def missing_in(text: str, values: Mapping[str, str], regime: str, months: int = 0) -> tuple[str, ...]:
    """Codes of the mentions of an acknowledgement that a text about to leave does not carry.

    Args:
        values: what the holes were filled with.
    """
    asked = (*_SERVICE, SILENCE[regime]) if regime in SILENCE else _SERVICE
    lacking = [name for name in asked if not _said(text, values, name)]
    if not any(_said(text, values, name) for name in _WHERE):
        lacking.append("unit_address")
    words = _DOCUMENT_WORDS if _is_of_documents(regime, months) else _WORDS.get(regime)
    if words and not _says(text, words):
        lacking.append("appeal" if regime == REJECTION else "attestation")
    return tuple(lacking)


def _is_of_documents(regime: str | None, months: int) -> bool:
    return regime == REJECTION and months == _DOCUMENT_MONTHS


def _says(text: str, words: tuple[str, ...]) -> bool:
    said = text.lower()
    return any(word in said for word in words)


def _said(text: str, values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "").strip()
    return bool(value) and value in text
