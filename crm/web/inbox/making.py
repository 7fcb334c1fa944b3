"""An arrival becomes the form of a demand, filled in with what it tells; the agent corrects and registers.

The form is kept as a draft of the agent: closed by mistake, it is found again with its files.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from crm.access import Permission
from crm.attachments import FileRefused, check_file, stage_file
from crm.cases import reserve_reference
from crm.channels import JoinedFile
from crm.foundation import PARIS, NotFound, Unavailable
from crm.http import needs, reading, unit_of_work, whole_number, wiring
from crm.http.uploads import refusal_words
from crm.inbox import ArrivalSheet, one_arrival, read_again
from crm.intake import Typed, keep_draft
from crm.web.inbox.blueprint import bp
from crm.web.inbox.hints import Hints, hints_of
from crm.web.inbox.wording import left_out_words
from crm.web.intake.names import split_name

_FORM_CHANNELS = frozenset({"email", "sms", "letter", "social"})
_ANSWERS = {"email": "email", "sms": "sms", "letter": "letter"}
_REACHES = {"email": "email", "sms": "phone"}
_LONGEST = 20_000
_TO_READ = frozenset({"no_reader", "no_words_found"})  # the agent has the pages before them, and no word
_LOGO_BYTES = 50_000  # what stands inside the words and weighs less is a signature's, not a photo


@bp.post("/<int:inbound_id>/demande")
@needs(Permission.INBOUND_SORT)
def make(inbound_id: int) -> ResponseReturnValue:
    """`part`: the words that are of this demand, when the message speaks of several."""
    with reading() as session:
        sheet = one_arrival(session, current_user.actor, inbound_id)
        hints = hints_of(session, sheet)
        joined = files_of(session, sheet)
    tokens = staged(joined)
    for words in left_out_words(code for code in sheet.details.get("left_out", ()) if code in _TO_READ):
        flash(words, "warn")
    with unit_of_work() as uow:
        reference = reserve_reference(uow)
        seen = whole_number(request.form.get("seen_version")) or sheet.version
        told = fields_of(sheet, hints, seen, request.form.get("part", ""))
        fields = {**told, "staged": " ".join(tokens)}
        kept = keep_draft(
            uow,
            Typed(
                key=reference,
                fields={name: [text] for name, text in fields.items() if text},
                contact_id=hints.contact.id if hints.contact else None,
            ),
        )
    return redirect(url_for("intake.new", brouillon=kept.id), 303)


def fields_of(sheet: ArrivalSheet, hints: Hints, seen_version: int, part: str = "") -> dict[str, str]:
    """Boxes of the entry form → what the arrival tells."""
    first, family = split_name(sheet.sender_name)
    way = _REACHES.get(sheet.channel, "")
    known = hints.contact
    received = sheet.received_at.astimezone(PARIS).date()
    today = wiring().clock.now().astimezone(PARIS).date()
    fields = {
        "arrival": f"{sheet.id}-{seen_version}",
        "object": words_of(sheet, part),
        "channel": sheet.channel if sheet.channel in _FORM_CHANNELS else "email",
        "answer_channel": _ANSWERS.get(sheet.channel, "none"),
        "received_on": received.isoformat() if received != today else "",
        "post_link": str(sheet.details.get("link") or sheet.about.get("link", "")),
        "contact": str(known.id) if known else "",
        "contact_text": known.display_name if known else "",
        "first_name": "" if known else first,
        "family_name": "" if known else family,
    }
    if way and not known:
        fields[way] = sheet.sender
    return fields | _place(hints)


def words_of(sheet: ArrivalSheet, part: str = "") -> str:
    """Subject and words, each said once."""
    words = part.strip() or sheet.text.strip() or sheet.folded.strip()
    subject = sheet.subject.strip()
    said = words if not subject or subject.casefold() in words.casefold() else f"{subject}\n{words}"
    return said[:_LONGEST].strip()


def _place(hints: Hints) -> dict[str, str]:
    hit = hints.address
    if hit is None or not hit.street_id:
        return {}
    exact = hit.address_id and not hit.number_unknown
    return {
        "place": f"a{hit.address_id}" if exact else f"s{hit.street_id}",
        "place_text": hit.label,
        "insee": hit.insee or "",
        "lon": str(hit.lon) if hit.lon is not None else "",
        "lat": str(hit.lat) if hit.lat is not None else "",
    }


def files_of(session: Session, sheet: ArrivalSheet) -> tuple[JoinedFile, ...]:
    """What was joined; nothing when it cannot be read again."""
    wired = wiring()
    try:
        told = read_again(session, wired.storage, wired.receivers, sheet)
    except (NotFound, Unavailable):
        return ()
    return told.files if told else ()


def staged(files: Iterable[JoinedFile]) -> list[str]:
    """Each checked and redrawn as those of a form are; of those that are not taken, the agent is told why."""
    tokens, limits = [], wiring().settings.files
    shown = [file for file in files if not file.is_inline or len(file.content) > _LOGO_BYTES]
    for file in shown[: limits.at_once]:
        try:
            checked = check_file(BytesIO(file.content), file.name, limits)
        except FileRefused as refusal:
            flash(refusal_words(refusal), "warn")
            continue
        except Unavailable:
            flash(refusal_words(FileRefused("busy", file.name)), "warn")
            continue
        with unit_of_work() as uow:
            tokens.append(stage_file(uow, None, checked))
    return tokens
