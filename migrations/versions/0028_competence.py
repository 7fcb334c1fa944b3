"""Competence edited on screen: drafts, effective dates, rules that keep their number, simulations.

Safe while running: a few versions and thousands of rules are touched, no demand. Undo: loses drafts,
simulations, and versions that were to take effect later.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028_competence"
down_revision = "0027_unaccounted"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WHOLE = "(version IS NULL) = (published_at IS NULL) AND (version IS NULL) = (effective_at IS NULL)"
_NUMBERED = "uq_competence_rules_table_id_number"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _versions()
    op.add_column("competence_rules", sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False))
    op.add_column("competence_rules", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.create_unique_constraint(op.f(_NUMBERED), "competence_rules", ["table_id", "number"])
    _simulations()


def _versions() -> None:
    for name, kind in (
        ("based_on_id", sa.BigInteger()),
        ("changed_at", _MOMENT),
        ("published_by", sa.BigInteger()),
        ("effective_at", _MOMENT),
    ):
        op.add_column("routing_tables", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE routing_tables SET effective_at = published_at, published_by = created_by")
    op.alter_column("routing_tables", "version", nullable=True)
    op.alter_column("routing_tables", "published_at", nullable=True)
    op.create_foreign_key(
        op.f("fk_routing_tables_based_on_id_routing_tables"),
        "routing_tables",
        "routing_tables",
        ["based_on_id"],
        ["id"],
    )
    op.create_check_constraint(op.f("ck_routing_tables_published_whole"), "routing_tables", _WHOLE)
    op.drop_index(op.f("ix_routing_tables_published_at"), "routing_tables")
    op.create_index(op.f("ix_routing_tables_effective_at"), "routing_tables", ["effective_at"])


def _simulations() -> None:
    op.create_table(
        "routing_simulations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("later_weeks", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("result", JSONB(), nullable=False, server_default="{}"),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["routing_tables.id"],
            name=op.f("fk_routing_simulations_table_id_routing_tables"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_simulations")),
    )
    op.create_index("ix_routing_simulations_table", "routing_simulations", ["table_id", "id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("routing_simulations")
    op.drop_constraint(
        op.f("fk_routing_tables_based_on_id_routing_tables"), "routing_tables", type_="foreignkey"
    )
    op.execute(
        "DELETE FROM competence_rules r USING routing_tables t"
        " WHERE t.id = r.table_id AND (t.version IS NULL OR t.effective_at > now())"
    )
    op.execute("DELETE FROM routing_tables WHERE version IS NULL OR effective_at > now()")
    op.drop_constraint(op.f(_NUMBERED), "competence_rules", type_="unique")
    op.drop_column("competence_rules", "revision")
    op.drop_column("competence_rules", "number")
    op.drop_index(op.f("ix_routing_tables_effective_at"), "routing_tables")
    op.drop_constraint(op.f("ck_routing_tables_published_whole"), "routing_tables", type_="check")
    op.alter_column("routing_tables", "published_at", nullable=False)
    op.alter_column("routing_tables", "version", nullable=False)
    op.create_index(op.f("ix_routing_tables_published_at"), "routing_tables", ["published_at"])
    for name in ("effective_at", "published_by", "changed_at", "based_on_id"):
        op.drop_column("routing_tables", name)
