"""A resident's own space: the links that open it, and the visits they opened. Who a provider vouches for.

Safe while running: new, empty tables and empty columns; the unique index is built on a small table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020_residents_space"
down_revision = "0019_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "space_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, server_default="fr"),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_links")),
    )
    op.create_index("ix_space_links_email", "space_links", ["email", "asked_at"])
    op.create_table(
        "space_visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False, server_default="link"),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_visits")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_space_visits_key_hash")),
    )
    op.create_index("ix_space_visits_email", "space_visits", ["email"])
    op.add_column("organizations", sa.Column("siret", sa.Text(), nullable=True))
    op.add_column("agents", sa.Column("provider_uid", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_agents_provider_uid"), "agents", ["provider_uid"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_column("agents", "provider_uid")
    op.drop_column("organizations", "siret")
    op.drop_table("space_visits")
    op.drop_table("space_links")
