"""People outside who have no account: what they are shown, by which keys, what they answered.

Safe while running: new, empty tables. The texts known to `message` are widened by a check proven in a second
step. Undo: what was asked outside and by whom it was answered is lost; the words stay on the timeline.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0029_guests"
down_revision = "0028_competence"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CHECK = "ck_reply_templates_message_known"
_BEFORE = (
    "registration", "question", "answer", "referral", "handover", "reopened", "delay", "reply",
    "reach_changed", "reach_confirmation", "followed", "follower_news", "acknowledgement", "space_link",
    "sms_refused", "sms_accepted", "continuation",
)  # fmt: skip
_OURS = ("opinion_request", "work_request", "guest_reminder", "opinion_late")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _links()
    _mails()
    _allow((*_BEFORE, *_OURS))


def _links() -> None:
    words = (
        sa.Column(name, sa.Text, nullable=False, server_default="")
        for name in ("email", "category", "place", "observed", "question")
    )
    moments = ("invited_at", "reminded_at", "overdue_at", "first_seen_at", "last_seen_at")
    op.create_table(
        "guest_links",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("unit_id", sa.BigInteger, sa.ForeignKey("units.id")),
        sa.Column("organization", sa.Text, nullable=False),
        *words,
        sa.Column("files", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("tells_usager", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("asked_by_id", sa.BigInteger),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        *(sa.Column(name, _MOMENT) for name in moments),
        sa.Column("seen_count", sa.Integer, nullable=False, server_default="0"),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", _MOMENT),
        sa.Column("planned_on", sa.Date),
        sa.Column("reply_id", sa.BigInteger),
        sa.Column("ended_at", _MOMENT),
        sa.Column("revoked_at", _MOMENT),
        sa.CheckConstraint("purpose IN ('referral', 'opinion', 'work')", name="purpose_known"),
        sa.CheckConstraint("answer IN ('taken', 'planned', 'done', 'refused', 'given')", name="answer_known"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_has_date"),
    )
    op.create_index("ix_guest_links_case", "guest_links", ["case_id", "id"])
    op.create_index("ix_guest_links_purpose", "guest_links", ["purpose", "id"])
    waiting, work = sa.text("ended_at IS NULL"), sa.text("purpose = 'work'")
    op.create_index("ix_guest_links_waiting", "guest_links", ["due_on", "id"], postgresql_where=waiting)
    op.create_index("ix_guest_links_unit", "guest_links", ["unit_id", "asked_at"], postgresql_where=work)


def _mails() -> None:
    op.create_table(
        "guest_messages",
        sa.Column("interaction_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("link_id", sa.BigInteger, sa.ForeignKey("guest_links.id"), nullable=False, index=True),
    )
    op.create_table(
        "guest_keys",
        sa.Column("key_hash", sa.Text, primary_key=True),
        sa.Column("link_id", sa.BigInteger, sa.ForeignKey("guest_links.id"), nullable=False, index=True),
        sa.Column("made_at", _MOMENT, nullable=False),
    )


def _allow(messages: tuple[str, ...]) -> None:
    """Proven in a second step: the table stays readable and writable meanwhile."""
    op.execute(f"ALTER TABLE reply_templates DROP CONSTRAINT {_CHECK}")
    op.execute(f"ALTER TABLE reply_templates ADD CONSTRAINT {_CHECK} CHECK (message IN {messages}) NOT VALID")
    op.execute(f"ALTER TABLE reply_templates VALIDATE CONSTRAINT {_CHECK}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(f"DELETE FROM reply_templates WHERE message IN {_OURS}")  # noqa: S608  # ours, no value of theirs
    _allow(_BEFORE)
    for table in ("guest_keys", "guest_messages", "guest_links"):
        op.drop_table(table)
