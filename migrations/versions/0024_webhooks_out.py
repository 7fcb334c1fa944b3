"""Webhooks out: who is told of what, and what they were told. What a machine may do, and where.

Safe while running: new, empty tables, and columns that are empty at first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0024_webhooks_out"
down_revision = "0023_legal_receipts"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("api_keys", sa.Column("role", sa.Text(), nullable=True))
    op.add_column("api_keys", sa.Column("unit_id", sa.BigInteger(), nullable=True))
    op.add_column("api_keys", sa.Column("insee", sa.String(5), nullable=True))
    op.create_foreign_key(op.f("fk_api_keys_unit_id_units"), "api_keys", "units", ["unit_id"], ["id"])
    op.create_table(
        "api_answers",
        _id(),
        sa.Column("api_key_id", sa.BigInteger(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("asked_hash", sa.Text(), nullable=False),
        sa.Column("made_id", sa.BigInteger(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], name=op.f("fk_api_answers_api_key_id_api_keys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answers")),
        sa.UniqueConstraint("api_key_id", "key_hash", name=op.f("uq_api_answers_api_key_id_key_hash")),
    )
    op.create_table(
        "webhook_subscriptions",
        _id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("kinds", ARRAY(sa.Text()), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("quiet_until", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_webhook_subscriptions_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscriptions")),
    )
    op.create_table(
        "webhook_sendings",
        _id(),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("tried_at", _MOMENT, nullable=True),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'failed', 'sent', 'stopped')", name=op.f("ck_webhook_sendings_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["webhook_subscriptions.id"],
            name=op.f("fk_webhook_sendings_subscription_id_webhook_subscriptions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_sendings")),
        sa.UniqueConstraint(
            "subscription_id", "event_id", name=op.f("uq_webhook_sendings_subscription_id_event_id")
        ),
    )
    op.create_index("ix_webhook_sendings_listed", "webhook_sendings", ["subscription_id", "id"])
    op.create_index(
        "ix_webhook_sendings_undelivered",
        "webhook_sendings",
        ["subscription_id", "case_id", "id"],
        postgresql_where=sa.text("state IN ('waiting', 'failed') AND sent_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("webhook_sendings")
    op.drop_table("webhook_subscriptions")
    op.drop_table("api_answers")
    op.drop_constraint(op.f("fk_api_keys_unit_id_units"), "api_keys", type_="foreignkey")
    for name in ("insee", "unit_id", "role"):
        op.drop_column("api_keys", name)
