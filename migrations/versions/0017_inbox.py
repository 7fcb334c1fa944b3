"""Whatever reaches us from outside, kept as it came.

Safe while running: new, empty tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017_inbox"
down_revision = "0016_desk_gaps"
branch_labels = None
depends_on = None

_OUTCOMES = ("waiting", "case", "reply", "information", "confirm", "receipt", "copy", "discarded")


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    moment = sa.DateTime(timezone=True)
    known = ", ".join(f"'{one}'" for one in _OUTCOMES)
    op.create_table(
        "inbound",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        _text("source"),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("about", JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *map(_text, ("sender", "sender_name", "subject", "text", "folded")),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("details", JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.Column("seen_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", moment, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint(f"outcome IN ({known})", name=op.f("ck_inbound_outcome_known")),
        sa.CheckConstraint(
            "outcome <> 'discarded' OR reason IS NOT NULL", name=op.f("ck_inbound_discarded_says_why")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_inbound_channel_external_id")),
    )
    op.create_index("ix_inbound_unseen", "inbound", ["id"], postgresql_where=sa.text("outcome IS NULL"))
    waiting = sa.text("outcome IN ('waiting', 'confirm')")
    op.create_index("ix_inbound_waiting", "inbound", ["received_at", "id"], postgresql_where=waiting)
    op.create_index("ix_inbound_received", "inbound", ["received_at", "channel"])
    op.create_index("ix_inbound_sender", "inbound", ["sender", "received_at"])
    named = sa.text("message_id IS NOT NULL")
    op.create_index("ix_inbound_message_id", "inbound", ["message_id"], postgresql_where=named)
    op.create_table(
        "inbound_raw",
        sa.Column("inbound_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_inbound_raw_inbound_id_inbound")
        ),
        sa.PrimaryKeyConstraint("inbound_id", name=op.f("pk_inbound_raw")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("inbound_raw")
    op.drop_table("inbound")
