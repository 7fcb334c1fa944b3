"""What colleagues do together: appointments, steps outside the script, words meant for somebody, calls for help,
cases whose readers are named.

Safe while running: empty tables, a column without a default that rewrites, and one partial index that holds
almost nothing, built without stopping whoever writes. Undo: all of it is lost, and what few could read is read
by many again: lift the restrictions first.
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0032_together"
down_revision = "0031_work"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_BIG = sa.BigInteger()
_CHECK = "ck_reply_templates_message_known"
_MESSAGES = ("appointment", "appointment_reminder", "appointment_off")


def upgrade() -> None:
    with op.get_context().autocommit_block():  # may be run again if it is stopped on the way
        op.execute("SET lock_timeout = '2s'")
        op.execute("ALTER TABLE cases ADD COLUMN IF NOT EXISTS readers TEXT[]")
        op.execute("RESET lock_timeout")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_restricted")
        op.execute("CREATE INDEX CONCURRENTLY ix_cases_restricted ON cases (id) WHERE readers IS NOT NULL")
    op.execute("SET LOCAL lock_timeout = '2s'")
    _know_messages(_known_messages() | set(_MESSAGES))
    _appointments()
    _colleagues()
    op.create_table(
        "help_calls",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("agent_id", _BIG, nullable=False),
        sa.Column("draft_key", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("answered_by_id", _BIG, nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("taken_over_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_calls")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_help_calls_agent_id_agents"), ondelete="CASCADE"
        ),
    )
    op.create_index("uq_help_calls_open", "help_calls", ["agent_id"], unique=True,
                    postgresql_where=sa.text("ended_at IS NULL"))  # fmt: skip


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


def _appointments() -> None:
    op.create_table(
        "appointment_slots",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("opening_key", sa.Text(), nullable=False),
        sa.Column("meeting", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("unit_id", _BIG, nullable=True),
        sa.Column("insee", sa.String(5), nullable=True),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.Column("agent_ids", ARRAY(_BIG), server_default="{}", nullable=False),
        sa.Column("opened_by_id", _BIG, nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_slots")),
        sa.UniqueConstraint(
            "opening_key", "starts_at", name=op.f("uq_appointment_slots_opening_key_starts_at")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_appointment_slots_unit_id_units")),
        sa.CheckConstraint("meeting IN ('office', 'phone', 'video', 'on_site')", name="meeting_known"),
        sa.CheckConstraint("seats >= 1", name="has_a_seat"),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after"),
        sa.CheckConstraint("unit_id IS NOT NULL OR insee IS NOT NULL", name="is_of_somebody"),
    )
    op.create_index("ix_appointment_slots_unit", "appointment_slots", ["unit_id", "starts_at"])
    op.create_index("ix_appointment_slots_insee", "appointment_slots", ["insee", "starts_at"])
    op.create_table(
        "appointments",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slot_id", _BIG, nullable=False),
        sa.Column("seat", sa.SmallInteger(), nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("booked_at", _MOMENT, nullable=False),
        sa.Column("booked_by_id", _BIG, nullable=True),
        sa.Column("moves", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("told_id", _BIG, nullable=True),
        sa.Column("reminded_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("key", name=op.f("uq_appointments_key")),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["appointment_slots.id"], name=op.f("fk_appointments_slot_id_appointment_slots")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_appointments_case_id_cases")),
        sa.CheckConstraint("state IN ('booked', 'kept', 'missed', 'cancelled')", name="state_known"),
    )
    # Two agents, one seat: whatever the programme believes, the second is refused here.
    op.create_index("uq_appointments_seat", "appointments", ["slot_id", "seat"], unique=True,
                    postgresql_where=sa.text("state <> 'cancelled'"))  # fmt: skip
    op.create_index("ix_appointments_case", "appointments", ["case_id", "id"])
    op.create_index("ix_appointments_told", "appointments", ["told_id"],
                    postgresql_where=sa.text("told_id IS NOT NULL"))  # fmt: skip


def _colleagues() -> None:
    op.create_table(
        "off_script_steps",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category_code", sa.Text(), nullable=True),
        sa.Column("interaction_id", _BIG, nullable=False),
        sa.Column("agent_id", _BIG, nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("look_asked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("looked_at", _MOMENT, nullable=True),
        sa.Column("looked_by_id", _BIG, nullable=True),
        sa.Column("rule_at", _MOMENT, nullable=True),
        sa.Column("rule_by_id", _BIG, nullable=True),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_off_script_steps")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_off_script_steps_case_id_cases")),
        sa.CheckConstraint("kind IN ('script', 'competence', 'delay', 'means')", name="kind_known"),
        sa.CheckConstraint("(rule_at IS NULL) = (rule = '')", name="rule_is_said"),
    )
    op.create_index("ix_off_script_steps_at", "off_script_steps", ["at", "id"])
    op.create_index("ix_off_script_steps_case", "off_script_steps", ["case_id"])
    op.create_index("ix_off_script_steps_to_look_at", "off_script_steps", ["at"],
                    postgresql_where=sa.text("look_asked AND looked_at IS NULL"))  # fmt: skip
    op.create_table(
        "mentions",
        sa.Column("id", _BIG, sa.Identity(), nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("interaction_id", _BIG, nullable=False),
        sa.Column("agent_id", _BIG, nullable=False),
        sa.Column("by_id", _BIG, nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("interaction_id", "agent_id", name=op.f("uq_mentions_interaction_id_agent_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_mentions_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_mentions_agent_id_agents"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_mentions_unseen", "mentions", ["agent_id", "id"],
                    postgresql_where=sa.text("seen_at IS NULL"))  # fmt: skip
    op.create_index("ix_mentions_case", "mentions", ["case_id"])
    op.create_table(
        "case_watches",
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("agent_id", _BIG, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "agent_id", name=op.f("pk_case_watches")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_watches_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_case_watches_agent_id_agents"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_case_watches_agent_id", "case_watches", ["agent_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (
        "help_calls", "case_watches", "mentions", "off_script_steps", "appointments", "appointment_slots"
    ):  # fmt: skip
        op.drop_table(table)
    op.execute(f"DELETE FROM reply_templates WHERE message IN {_MESSAGES}")  # noqa: S608 — our own words
    _know_messages(_known_messages() - set(_MESSAGES))
    op.drop_index("ix_cases_restricted", "cases")
    op.drop_column("cases", "readers")
