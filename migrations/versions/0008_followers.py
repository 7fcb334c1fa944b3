"""People who follow a demand that others made, and where demands are near each other.

Safe while running: new columns are nullable or have a constant default, so that no row is written again; the
check is proven in a step that blocks no writer. Cells are given to what may still match, open or closed within
the last seven days, which is a small part of the table; what ended before never matches again.
The index is made while the table may be read but not written: about two seconds for 600,000 cases.
Undo: followers, incidents and links between duplicates are lost. A duplicate stays closed, for want of an answer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_followers"
down_revision = "0007_files"
branch_labels = None
depends_on = None

_ANSWERED = "ck_cases_closed_is_answered"
_BEFORE = "state <> 'closed' OR answered_at IS NOT NULL OR no_answer_reason IS NOT NULL"
_AFTER = f"{_BEFORE} OR duplicate_of_id IS NOT NULL"
_LINKED = "duplicate_of_id IS NULL OR state = 'closed'"
_OURS = ("followed", "follower_news")
_KNOWN = ("registration", "question", "answer", "referral", "handover", "reopened", "delay")
# The same as crm/cases/together/grid.py.
_CELLS = r"""
UPDATE cases SET cell = CASE
  WHEN lon IS NOT NULL AND lat IS NOT NULL THEN
    ((floor((lat + 90.0::float8) / 0.0018::float8)::bigint % 46000) * 46000
     + floor((lon + 180.0::float8) / 0.0026::float8)::bigint % 46000)::int
  WHEN translate(insee, 'AB', '01') ~ '^[0-9]{5}$' THEN -translate(insee, 'AB', '01')::int
END
WHERE closed_at IS NULL OR closed_at > now() - interval '7 days'
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("cases", sa.Column("cell", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("duplicate_of_id", sa.BigInteger(), nullable=True))
    op.add_column("cases", sa.Column("follower_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("interactions", sa.Column("watcher_id", sa.BigInteger(), nullable=True))
    op.execute(
        "ALTER TABLE cases ADD CONSTRAINT fk_cases_duplicate_of_id"
        " FOREIGN KEY (duplicate_of_id) REFERENCES cases (id) NOT VALID"
    )
    op.execute("ALTER TABLE cases VALIDATE CONSTRAINT fk_cases_duplicate_of_id")
    _check(_ANSWERED, _AFTER)
    _check("ck_cases_duplicate_is_closed", _LINKED)
    op.execute(_CELLS)
    _indexes()
    _watchers()
    _incidents()
    _allow((*_KNOWN, *_OURS))


def _allow(messages: tuple[str, ...]) -> None:
    name = "ck_reply_templates_message_known"
    op.execute(f"ALTER TABLE reply_templates DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE reply_templates ADD CONSTRAINT {name} CHECK (message IN {messages}) NOT VALID")
    op.execute(f"ALTER TABLE reply_templates VALIDATE CONSTRAINT {name}")


def _check(name: str, condition: str) -> None:
    op.execute(f"ALTER TABLE cases DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE cases ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE cases VALIDATE CONSTRAINT {name}")


def _indexes() -> None:
    op.create_index(
        "ix_cases_nearby",
        "cases",
        ["cell", "category_code", sa.text("COALESCE(closed_at, 'infinity'::timestamp with time zone)")],
        postgresql_where=sa.text("cell IS NOT NULL AND duplicate_of_id IS NULL AND state <> 'cancelled'"),
    )
    op.create_index(
        "ix_cases_duplicates",
        "cases",
        ["duplicate_of_id"],
        postgresql_where=sa.text("duplicate_of_id IS NOT NULL"),
    )
    op.create_index(
        "ix_interactions_watcher",
        "interactions",
        ["watcher_id", "id"],
        postgresql_where=sa.text("watcher_id IS NOT NULL"),
    )


def _watchers() -> None:
    op.create_table(
        "watchers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("answer_channel", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("came_from_id", sa.BigInteger(), nullable=True),
        sa.Column("is_requester", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "contact_id IS NOT NULL OR answer_channel = 'none'", name=op.f("ck_watchers_unknown_is_not_told")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_watchers_case_id")),
        sa.ForeignKeyConstraint(["came_from_id"], ["cases.id"], name=op.f("fk_watchers_came_from_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_watchers_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchers")),
        sa.UniqueConstraint("key", name=op.f("uq_watchers_key")),
        sa.UniqueConstraint("token", name=op.f("uq_watchers_token")),
    )
    op.create_index("ix_watchers_case", "watchers", ["case_id", "id"])
    op.create_index(
        "ix_watchers_contact",
        "watchers",
        ["contact_id"],
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )
    op.create_index(
        "uq_watchers_following",
        "watchers",
        ["case_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL AND contact_id IS NOT NULL"),
    )


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("suspected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_by_id", sa.BigInteger(), nullable=True),
        sa.Column("announcement", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "declared_at IS NULL OR valid_until IS NOT NULL", name=op.f("ck_incidents_declared_has_end")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incidents_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        "uq_incidents_current",
        "incidents",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(f"DELETE FROM reply_templates WHERE message IN {_OURS}")  # noqa: S608  # ours alone
    _allow(_KNOWN)
    op.drop_table("incidents")
    op.drop_table("watchers")
    op.execute(
        "UPDATE cases SET no_answer_reason = 'does_not_wish'"
        " WHERE state = 'closed' AND answered_at IS NULL AND no_answer_reason IS NULL"
    )
    op.execute("ALTER TABLE cases DROP CONSTRAINT ck_cases_duplicate_is_closed")
    _check(_ANSWERED, _BEFORE)
    op.drop_column("interactions", "watcher_id")
    op.drop_column("cases", "follower_count")
    op.drop_column("cases", "duplicate_of_id")
    op.drop_column("cases", "cell")
