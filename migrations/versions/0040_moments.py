"""A call may be promised between two hours, and its usager is told so.

Safe while running: a new, empty column, which what is older does not know, and a wider check on a small table.
Undo: when such a moment ends is lost, and the texts that announce them.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0040_moments"
down_revision = "0039_orders_outside"
branch_labels = None
depends_on = None

_CHECK = "ck_reply_templates_message_known"
_MESSAGE = "call_back_slot"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("interactions", sa.Column("promised_until", sa.DateTime(timezone=True)))
    _know_messages(_known_messages() | {_MESSAGE})


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(f"DELETE FROM reply_templates WHERE message = '{_MESSAGE}'")  # noqa: S608 — our own word
    _know_messages(_known_messages() - {_MESSAGE})
    op.drop_column("interactions", "promised_until")


def _known_messages() -> set[str]:
    """What the migrations before this one let in, as the database says it."""
    told = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"), {"name": _CHECK}
    )
    return set(re.findall(r"'(\w+)'", told or ""))


def _know_messages(names: set[str]) -> None:
    listed = ", ".join(f"'{name}'" for name in sorted(names))
    op.drop_constraint(op.f(_CHECK), "reply_templates", type_="check")
    op.create_check_constraint(op.f(_CHECK), "reply_templates", f"message IN ({listed})")
