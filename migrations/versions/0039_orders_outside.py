"""Links of contractors about one work order; lists shared with a unit; the end of an incident said to everybody.

Safe while running: nullable columns without a default, on two small tables. Undo: links about an order and
shared lists are lost, with the texts of that message.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0039_orders_outside"
down_revision = "0038_field"
branch_labels = None
depends_on = None

_CHECK = "ck_reply_templates_message_known"
_MESSAGE = "incident_over"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("guest_links", sa.Column("order_id", sa.BigInteger))
    op.create_foreign_key(
        "fk_guest_links_order_id_work_orders", "guest_links", "work_orders", ["order_id"], ["id"]
    )
    op.create_index(
        "ix_guest_links_order", "guest_links", ["order_id"], postgresql_where=sa.text("order_id IS NOT NULL")
    )
    op.add_column("saved_views", sa.Column("unit_id", sa.BigInteger))
    op.create_foreign_key("fk_saved_views_unit_id_units", "saved_views", "units", ["unit_id"], ["id"])
    op.create_index(
        "uq_saved_views_unit_name",
        "saved_views",
        ["unit_id", "name"],
        unique=True,
        postgresql_where=sa.text("unit_id IS NOT NULL"),
    )
    _know_messages(_known_messages() | {_MESSAGE})


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


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DELETE FROM reply_templates WHERE message = 'incident_over'")
    _know_messages(_known_messages() - {_MESSAGE})
    op.execute("DELETE FROM saved_views WHERE unit_id IS NOT NULL")
    op.drop_column("saved_views", "unit_id")
    op.execute(
        "DELETE FROM guest_keys WHERE link_id IN (SELECT id FROM guest_links WHERE order_id IS NOT NULL)"
    )
    op.execute(
        "DELETE FROM guest_messages WHERE link_id IN (SELECT id FROM guest_links WHERE order_id IS NOT NULL)"
    )
    op.execute("DELETE FROM guest_links WHERE order_id IS NOT NULL")
    op.drop_column("guest_links", "order_id")
