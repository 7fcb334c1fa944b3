"""Nothing unaccounted: what a call wrote, drafts that two sides may finish, when a key last served.

Safe while running: a new table, columns that are empty at first, and indexes built without stopping anybody's
work, outside a transaction; run again after a failure, they start anew. Undo: forgets which call made which
demand, who shared a draft with whom, and when keys served.
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027_unaccounted"
down_revision = "0026_channels_kept"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CHECK = "ck_reply_templates_message_known"
_OURS = "continuation"
_INDEXES = {
    "ix_interactions_call": "interactions (call_id) WHERE call_id IS NOT NULL",
    "ix_interactions_came": "interactions (occurred_at) WHERE direction = 'in' AND kind <> 'opening'",
    "ix_phone_calls_created": "phone_calls (created_at)",
    "ix_walk_ins_arrived": "walk_ins (arrived_at)",
    "ix_inbound_made": "inbound USING gin ((details -> 'cases') jsonb_path_ops) WHERE outcome = 'case'",
    "ix_webhook_sendings_created": "webhook_sendings (created_at) WHERE state IN ('sent', 'stopped')",
    "ix_api_answers_at": "api_answers (at)",
    "ix_space_links_ends_at": "space_links (ends_at)",
    "ix_space_visits_ends_at": "space_visits (ends_at)",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("ALTER TABLE interactions ADD COLUMN IF NOT EXISTS call_id bigint")
    op.execute("ALTER TABLE api_keys ADD COLUMN IF NOT EXISTS last_used_at timestamptz")
    op.create_table(
        "shared_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("boxes", JSONB(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("is_link", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_shared_drafts_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_drafts")),
        sa.UniqueConstraint("key", name=op.f("uq_shared_drafts_key")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_shared_drafts_code_hash")),
        if_not_exists=True,
    )
    op.create_index("ix_shared_drafts_ends_at", "shared_drafts", ["ends_at"], if_not_exists=True)
    op.create_index("ix_shared_drafts_agent_id", "shared_drafts", ["agent_id"], if_not_exists=True)
    _allow({*_messages(), _OURS})
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        for name, what in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {what}")


def _messages() -> set[str]:
    """Those that the check knows, whoever named them."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    told = op.get_bind().execute(asked, {"name": _CHECK}).scalar_one()
    return set(re.findall(r"'(\w+)'", told))


def _allow(messages: set[str]) -> None:
    """Proven in a second step: the table stays readable and writable meanwhile."""
    named = ", ".join(f"'{message}'" for message in sorted(messages))
    op.execute(f"ALTER TABLE reply_templates DROP CONSTRAINT {_CHECK}")
    op.execute(f"ALTER TABLE reply_templates ADD CONSTRAINT {_CHECK} CHECK (message IN ({named})) NOT VALID")
    op.execute(f"ALTER TABLE reply_templates VALIDATE CONSTRAINT {_CHECK}")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        for name in _INDEXES:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    op.execute(f"DELETE FROM reply_templates WHERE message = '{_OURS}'")  # noqa: S608  # ours, no value of theirs
    _allow(_messages() - {_OURS})
    op.drop_table("shared_drafts")
    op.drop_column("api_keys", "last_used_at")
    op.drop_column("interactions", "call_id")
