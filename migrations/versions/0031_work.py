"""Work orders of a case, and rounds: who goes where, in which order.

Safe while running: new, empty tables; columns with a constant default, which rewrite nothing; and one index on
cases, built without stopping anybody, outside a transaction (run again after a failure, it starts anew).
Undo: orders and rounds are lost; their words stay on the timelines.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0031_work"
down_revision = "0030_promises"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    with op.get_context().autocommit_block():  # may be run again if it is stopped on the way
        op.execute("SET lock_timeout = '2s'")
        op.execute("ALTER TABLE cases ADD COLUMN IF NOT EXISTS work_ended_at timestamptz")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_cases_work_ended")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_cases_work_ended ON cases (due_at, id) "
            "WHERE work_ended_at IS NOT NULL"
        )
    op.execute("SET LOCAL lock_timeout = '2s'")
    zero = {"nullable": False, "server_default": "0"}
    op.add_column("cases", sa.Column("order_count", sa.SmallInteger(), **zero))
    op.add_column("cases", sa.Column("open_order_count", sa.SmallInteger(), **zero))
    _work_orders()
    _rounds()


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _work_orders() -> None:
    op.create_table(
        "work_orders",
        _id(),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("insee", sa.Text(), nullable=True),
        sa.Column("origin_insee", sa.Text(), nullable=True),
        sa.Column("responsible_insee", sa.Text(), nullable=True),
        sa.Column("readers", ARRAY(sa.Text()), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        _text("crew"),
        sa.Column("planned_on", sa.Date(), nullable=True),
        _text("slot"),
        sa.Column("made_safe_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("left_state", sa.Text(), nullable=True),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("asked_note_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_note_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'planned', 'done', 'sent_back', 'withdrawn')",
            name=op.f("ck_work_orders_state_known"),
        ),
        sa.CheckConstraint(
            "(state IN ('asked', 'accepted', 'planned')) = (ended_at IS NULL)",
            name=op.f("ck_work_orders_ended_has_date"),
        ),
        sa.CheckConstraint(
            "state <> 'planned' OR planned_on IS NOT NULL", name=op.f("ck_work_orders_planned_has_day")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_work_orders_case_id_cases")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_work_orders_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_orders")),
        sa.UniqueConstraint("key", name=op.f("uq_work_orders_key")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_work_orders_case_id_number")),
    )
    for name, *columns in (
        ("ix_work_orders_open_unit", "unit_id", "due_on", "id"),
        ("ix_work_orders_open_state", "state", "due_on", "id"),
        ("ix_work_orders_open", "due_on", "id"),
        ("ix_work_orders_open_insee", "insee", "due_on", "id"),
    ):
        op.create_index(name, "work_orders", columns, postgresql_where=_OPEN)
    restricted = sa.text("readers IS NOT NULL")
    op.create_index("ix_work_orders_restricted", "work_orders", ["id"], postgresql_where=restricted)


def _rounds() -> None:
    op.create_table(
        "rounds",
        _id(),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        _text("name"),
        _text("start_label"),
        sa.Column("start_lon", sa.Float(), nullable=True),
        sa.Column("start_lat", sa.Float(), nullable=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", _MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_rounds_unit_id_units")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_rounds_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index("ix_rounds_unit_day", "rounds", ["unit_id", "day", "id"])
    op.create_index("ix_rounds_agent_day", "rounds", ["agent_id", "day", "id"])
    op.create_table(
        "round_stops",
        _id(),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_stops_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_round_stops_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_orders.id"], name=op.f("fk_round_stops_order_id_work_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_stops")),
    )
    op.create_index("ix_round_stops_round", "round_stops", ["round_id", "place"])
    op.create_index("ix_round_stops_case", "round_stops", ["case_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_index("ix_cases_work_ended", "cases")
    op.drop_table("round_stops")
    op.drop_table("rounds")
    op.drop_table("work_orders")
    for name in ("work_ended_at", "open_order_count", "order_count"):
        op.drop_column("cases", name)
