"""Calendars as they are published, the clocks of cases, what agents are told, who is on call.

Tables of their own, empty: nothing that is there is touched. Undo: they go, with what they held.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0030_promises"
down_revision = "0029_guests"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.create_table(
        "calendar_versions",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("written", JSONB, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_by_id", sa.BigInteger),
        sa.Column("to_reckon", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reckoned", sa.Integer, nullable=False, server_default="0"),
        sa.Column("reckoned_at", _MOMENT),
    )
    _clocks()
    _notices()
    _on_call()


def _clocks() -> None:
    op.create_table(
        "case_clocks",
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("nature", sa.Text, primary_key=True),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("base_due_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("met_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("calendar_version", sa.Integer, nullable=False),
        sa.Column("told", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("next_at", _MOMENT),
        sa.Column("seen_event", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "nature IN ('receipt', 'first_answer', 'acceptance', 'resolution', 'answer')",
            name="nature_known",
        ),
    )
    op.create_index(
        "ix_case_clocks_next",
        "case_clocks",
        ["next_at", "case_id"],
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_case_clocks_running",
        "case_clocks",
        ["due_at", "case_id"],
        postgresql_where=sa.text("met_at IS NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "clock_follower",
        sa.Column("id", sa.Boolean, primary_key=True),
        sa.Column("seen_until", _MOMENT, nullable=False),
        sa.CheckConstraint("id", name="one_row"),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _agent(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id")),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("read_at", _MOMENT),
        sa.Column("mailed_at", _MOMENT),
    )
    op.create_index("ix_notices_agent", "notices", ["agent_id", "id"])
    op.create_index("ix_notices_case", "notices", ["case_id", "kind"])
    op.create_index("ix_notices_unread", "notices", ["agent_id"], postgresql_where=sa.text("read_at IS NULL"))
    op.create_index(
        "ix_notices_to_mail",
        "notices",
        ["agent_id", "at"],
        postgresql_where=sa.text("read_at IS NULL AND mailed_at IS NULL"),
    )
    op.create_table(
        "notice_choices",
        sa.Column(
            "agent_id", sa.BigInteger, sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("mail", sa.Text, nullable=False),
        sa.Column("muted", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("quiet_from", sa.SmallInteger, nullable=False),
        sa.Column("quiet_until", sa.SmallInteger, nullable=False),
        sa.CheckConstraint("mail IN ('never', 'at_once', 'daily', 'weekly')", name="mail_known"),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="hours_of_a_day"
        ),
    )


def _on_call() -> None:
    op.create_table(
        "on_call_shifts",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("unit_id", sa.BigInteger, sa.ForeignKey("units.id"), nullable=False),
        _agent(),
        sa.Column("phone", sa.Text, nullable=False, server_default=""),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="in_order"),
    )
    op.create_index("ix_on_call_shifts_unit", "on_call_shifts", ["unit_id", "ends_at"])
    op.create_table(
        "urgent_calls",
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("unit_id", sa.BigInteger),
        sa.Column("called_at", _MOMENT, nullable=False),
        sa.Column("taken_at", _MOMENT),
        sa.Column("taken_by_id", sa.BigInteger),
        sa.Column("escalated_at", _MOMENT),
    )
    op.create_index(
        "ix_urgent_calls_waiting",
        "urgent_calls",
        ["called_at"],
        postgresql_where=sa.text("taken_at IS NULL AND escalated_at IS NULL"),
    )


def _agent() -> sa.Column[int]:
    return sa.Column(
        "agent_id", sa.BigInteger, sa.ForeignKey("agents.id", ondelete="CASCADE"), nullable=False
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (
        "urgent_calls", "on_call_shifts", "notice_choices", "notices", "clock_follower", "case_clocks",
        "calendar_versions",
    ):  # fmt: skip
        op.drop_table(table)
