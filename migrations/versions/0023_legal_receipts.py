"""Receipts the law asks for: the exact copy, its clocks. Batches of letters, people waiting at a counter.

Safe while running: new, empty tables. The texts known to `message` are widened by a check proven in a second
step. Undo: the copies kept of receipts are lost; the messages themselves stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0023_legal_receipts"
down_revision = "0022_phone_and_sms"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CHECK = "ck_reply_templates_message_known"
_BEFORE = (
    "registration", "question", "answer", "referral", "handover", "reopened", "delay",
    "reply", "reach_changed", "reach_confirmation", "followed", "follower_news",
)  # fmt: skip
_OURS = ("acknowledgement", "space_link")
_NATURES = "nature IN ('registration', 'acknowledgement')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _receipts()
    _clocks()
    _batches()
    _walk_ins()
    _allow((*_BEFORE, *_OURS))


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("nature", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("channel", "recipient", "subject", "body")),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("missing", ARRAY(sa.Text), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("interaction_id", sa.BigInteger),
        sa.CheckConstraint(_NATURES, name="nature_known"),
        sa.UniqueConstraint("case_id", "nature"),
    )
    op.create_index("ix_receipts_interaction", "receipts", ["interaction_id"])


def _clocks() -> None:
    op.create_table(
        "receipt_clocks",
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("nature", sa.Text, primary_key=True),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("alert_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("receipt_id", sa.BigInteger, sa.ForeignKey("receipts.id")),
        sa.Column("met_at", _MOMENT),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("waived", sa.Text),
        sa.Column("waived_by", sa.BigInteger),
        sa.CheckConstraint(_NATURES, name="nature_known"),
    )
    running = sa.text("met_at IS NULL AND waived IS NULL")
    op.create_index(
        "ix_receipt_clocks_running", "receipt_clocks", ["alert_at", "case_id"], postgresql_where=running
    )
    late = sa.text("met_at > due_at")
    op.create_index("ix_receipt_clocks_late", "receipt_clocks", ["due_at"], postgresql_where=late)


def _batches() -> None:
    op.create_table(
        "letter_batches",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("made_at", _MOMENT, nullable=False, index=True),
        sa.Column("agent_id", sa.BigInteger),
        sa.Column("large_print", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("sent_at", _MOMENT),
        sa.Column("undone_at", _MOMENT),
    )
    op.create_table(
        "batched_letters",
        sa.Column("batch_id", sa.BigInteger, sa.ForeignKey("letter_batches.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("interaction_id", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_batched_letters_interaction", "batched_letters", ["interaction_id"])


def _walk_ins() -> None:
    op.create_table(
        "walk_ins",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("insee", sa.String(5), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("arrived_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id")),
        sa.UniqueConstraint("insee", "day", "number"),
    )
    seen = sa.text("case_id IS NOT NULL")
    op.create_index("ix_walk_ins_case", "walk_ins", ["case_id"], postgresql_where=seen)


def _allow(messages: tuple[str, ...]) -> None:
    """Proven in a second step: the table stays readable and writable meanwhile."""
    op.execute(f"ALTER TABLE reply_templates DROP CONSTRAINT {_CHECK}")
    op.execute(f"ALTER TABLE reply_templates ADD CONSTRAINT {_CHECK} CHECK (message IN {messages}) NOT VALID")
    op.execute(f"ALTER TABLE reply_templates VALIDATE CONSTRAINT {_CHECK}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(f"DELETE FROM reply_templates WHERE message IN {_OURS}")  # noqa: S608  # ours, no value of theirs
    _allow(_BEFORE)
    for table in ("walk_ins", "batched_letters", "letter_batches", "receipt_clocks", "receipts"):
        op.drop_table(table)
