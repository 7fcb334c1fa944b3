"""What a number or a usager does not want from us, how a way to reach them was verified, what was refused.

Safe while running: an index built without stopping anybody's work, outside a transaction (run again after a
failure, it starts anew); then columns that rewrite nothing and a small table. Undo: opt-outs by SMS and the
words of verifications are lost; the other wishes stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026_channels_kept"
down_revision = "0025_read_from_indexes"
branch_labels = None
depends_on = None

_CHECK = "ck_reply_templates_message_known"
_BEFORE = (
    "registration", "question", "answer", "referral", "handover", "reopened", "delay", "reply",
    "reach_changed", "reach_confirmation", "followed", "follower_news", "acknowledgement", "space_link",
)  # fmt: skip
_OURS = ("sms_refused", "sms_accepted")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_interactions_refused")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_interactions_refused ON interactions (id) WHERE state = 'refused'"
        )
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("contacts", sa.Column("no_steps", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contact_links", sa.Column("verified_how", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "sms_refusals",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_refusals")),
        sa.UniqueConstraint("number", name=op.f("uq_sms_refusals_number")),
        sa.CheckConstraint(
            "said_by IN ('sms', 'operator', 'agent', 'space')", name=op.f("ck_sms_refusals_said_by_known")
        ),
    )
    _allow((*_BEFORE, *_OURS))


def _allow(messages: tuple[str, ...]) -> None:
    op.execute(f"ALTER TABLE reply_templates DROP CONSTRAINT {_CHECK}")
    op.execute(f"ALTER TABLE reply_templates ADD CONSTRAINT {_CHECK} CHECK (message IN {messages}) NOT VALID")
    op.execute(f"ALTER TABLE reply_templates VALIDATE CONSTRAINT {_CHECK}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(f"DELETE FROM reply_templates WHERE message IN {_OURS}")  # noqa: S608  # ours, no value of theirs
    _allow(_BEFORE)
    op.drop_table("sms_refusals")
    op.drop_column("contact_links", "verified_how")
    op.drop_column("contacts", "no_steps")
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_interactions_refused")
