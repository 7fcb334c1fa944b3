"""What the resident may do while following a demand: write, remind, be answered elsewhere; receipts counted.

Safe while running: columns without a rewrite, an index on rows that have what few have, one on the receipts.
The texts known to `message` are widened by a check proven in a second step. Undo: who waits for a word of the
centre, when a usager reminded us and where they asked to be answered are lost; the exchanges stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_resident"
down_revision = "0012_desk_and_field"
branch_labels = None
depends_on = None

_CHECK = "ck_reply_templates_message_known"
_OURS = ("reply", "reach_changed", "reach_confirmation")
_BEFORE = (
    "registration", "question", "answer", "referral", "handover", "reopened", "delay",
    "followed", "follower_news",
)  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("cases", sa.Column("message_waiting_since", sa.DateTime(timezone=True)))
    op.add_column("cases", sa.Column("reminded_at", sa.DateTime(timezone=True)))
    op.add_column("cases", sa.Column("reminder_count", sa.SmallInteger, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("answer_to", sa.Text, nullable=False, server_default=""))
    op.create_index(
        "ix_cases_messages",
        "cases",
        ["message_waiting_since", "id"],
        postgresql_where=sa.text("message_waiting_since IS NOT NULL"),
    )
    op.create_index(
        "ix_interactions_receipts",
        "interactions",
        ["recipient", "created_at"],
        postgresql_where=sa.text("kind = 'registration' AND channel IN ('email', 'sms')"),
    )
    op.add_column("agents", sa.Column("is_anonymous", sa.Boolean, nullable=False, server_default=sa.false()))
    _answer_reaches()
    _allow((*_BEFORE, *_OURS))


def _answer_reaches() -> None:
    op.create_table(
        "answer_reaches",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("reach", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("channel IN ('email', 'sms')", name="channel_known"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_answer_reaches_case", "answer_reaches", ["case_id", "asked_at"])
    op.create_index("ix_answer_reaches_reach", "answer_reaches", ["reach", "asked_at"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(f"DELETE FROM reply_templates WHERE message IN {_OURS}")  # noqa: S608  # ours, no value of theirs
    _allow(_BEFORE)
    op.drop_table("answer_reaches")
    op.drop_column("agents", "is_anonymous")
    op.drop_index("ix_interactions_receipts", "interactions")
    op.drop_index("ix_cases_messages", "cases")
    for column in ("answer_to", "reminder_count", "reminded_at", "message_waiting_since"):
        op.drop_column("cases", column)


def _allow(messages: tuple[str, ...]) -> None:
    op.execute(f"ALTER TABLE reply_templates DROP CONSTRAINT {_CHECK}")
    op.execute(f"ALTER TABLE reply_templates ADD CONSTRAINT {_CHECK} CHECK (message IN {messages}) NOT VALID")
    op.execute(f"ALTER TABLE reply_templates VALIDATE CONSTRAINT {_CHECK}")
