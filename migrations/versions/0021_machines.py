"""Machines: scopes and quotas of keys, photos given by their address, updates of partners.

Adds only. The index on cases is built while they can be read but not written: a second for 600,000 of them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0021_machines"
down_revision = "0020_residents_space"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    moment = sa.DateTime(timezone=True)
    op.add_column(
        "api_keys", sa.Column("scopes", ARRAY(sa.Text()), server_default="{read,create}", nullable=False)
    )
    op.add_column("api_keys", sa.Column("per_minute", sa.Integer(), server_default="600", nullable=False))
    op.add_column("api_keys", sa.Column("per_day", sa.Integer(), server_default="100000", nullable=False))
    known = "scopes <@ ARRAY['read', 'create', 'update']"
    op.create_check_constraint(op.f("ck_api_keys_scopes_known"), "api_keys", known)
    op.create_check_constraint(
        op.f("ck_api_keys_quotas_positive"), "api_keys", "per_minute > 0 AND per_day > 0"
    )
    op.create_table(
        "remote_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("from_usager", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), server_default="none", nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("settled_at", moment, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remote_files")),
        sa.UniqueConstraint("case_id", "url", name=op.f("uq_remote_files_case_id_url")),
    )
    op.create_table(
        "partner_updates",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("happened_at", moment, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("interaction_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_partner_updates_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_updates")),
        sa.UniqueConstraint(
            "organization_id", "update_id", name=op.f("uq_partner_updates_organization_id_update_id")
        ),
    )
    op.create_index("ix_partner_updates_case", "partner_updates", ["case_id", "happened_at"])
    op.create_index("ix_cases_received", "cases", ["received_at", "id"])
    op.create_index("ix_events_at", "events", ["at"], postgresql_using="brin")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index("ix_events_at", "events")
    op.drop_index("ix_cases_received", "cases")
    op.drop_table("partner_updates")
    op.drop_table("remote_files")
    op.drop_constraint(op.f("ck_api_keys_quotas_positive"), "api_keys")
    op.drop_constraint(op.f("ck_api_keys_scopes_known"), "api_keys")
    for name in ("per_day", "per_minute", "scopes"):
        op.drop_column("api_keys", name)
