"""What we say among us leaves by no path, whatever state somebody gives it."""

from __future__ import annotations

import ast

import pytest
import sqlalchemy as sa

from crm.cases import Case
from crm.foundation import ROOT, SYSTEM, Units
from crm.interactions import Direction, Interaction, add_note, begin_sending, record_interaction
from crm.interactions.models import TO_SEND, SendingState
from tests import given


@pytest.mark.parametrize("state", list(SendingState))
def test_a_note_is_never_handed_to_a_channel(units: Units, state: SendingState) -> None:
    # given: notes, made public-looking and ready to leave by a fault that no code of ours has
    with units.begin(SYSTEM) as uow:
        town = given.town(uow)
        reference = given.open_case(uow, town.book)
        reach = uow.session.scalars(sa.select(Case).where(Case.reference == reference)).one()
        case_id = reach.id
        ids = [
            add_note(uow, reach, case_id, "Entre nous."),
            record_interaction(
                uow,
                reach,
                case_id,
                channel="email",
                kind="note",
                body="Entre nous.",
                direction=Direction.INTERNAL,
            ),
        ]
        forced = {"state": state, "recipient": "aicha@exemple.fr", "channel": "email", "sent_at": uow.now}
        uow.session.execute(sa.update(Interaction).where(Interaction.id.in_(ids)).values(**forced))
    # when
    with units.begin(SYSTEM) as uow:
        leaving = begin_sending(uow, ids, name=lambda one: f"<{one}@rivebois.example>")
    # then
    assert leaving == []


def test_no_other_code_hands_messages_to_channels() -> None:
    """One place takes exchanges to send, and refuses notes; the others send a link and nothing else."""
    found = set()
    for path in sorted([*(ROOT / "crm").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]):
        tree = ast.parse(path.read_text("utf-8"))
        made = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if any(getattr(node.func, "id", "") == "Outbound" for node in made):
            found.add(path.relative_to(ROOT).as_posix())
    links = {"workers/jobs/send_space_link.py", "workers/jobs/send_invitation.py"}
    assert TO_SEND and found == {"workers/jobs/send_message.py", *links}
