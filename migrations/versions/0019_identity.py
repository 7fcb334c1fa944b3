"""People and the ways to reach them: many to many, merged and unmerged, with what they need.

Safe while running: columns without a rewrite, new tables, indexes on what few rows have. Undo: merges become
final (what moved stays where it is), and what was said of points, needs and relations is lost.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019_identity"
down_revision = "0018_mail_matching"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_POINT_KINDS = ("phone", "email", "postal")
_SHARED_AS = ("", "family", "switchboard")
_NEEDS = ("prefers_phone", "interpreter", "reading", "cannot_travel", "carer")
_RELATIONS = ("acts_for", "works_for")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _contacts()
    _points()
    _merges()
    _needs()
    _relations()
    op.create_table(
        "other_ways",
        sa.Column("refused_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("made_at", _MOMENT, nullable=False),
    )
    op.create_index("ix_other_ways_message", "other_ways", ["message_id"])
    op.create_index(
        "ix_inbound_contact", "inbound", ["contact_id"], postgresql_where=sa.text("contact_id IS NOT NULL")
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in (
        "other_ways", "contact_relations", "support_needs", "distinct_contacts", "contact_merges",
        "former_points",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_inbound_contact", "inbound")
    op.drop_column("contact_links", "is_preferred")
    op.drop_index("ix_contact_points_shared", "contact_points")
    for column in ("failed_reason", "failed_at", "shared_as"):
        op.drop_column("contact_points", column)
    op.drop_index("ix_contacts_merged", "contacts")
    for column in ("merged_into_id", "no_news", "no_surveys"):
        op.drop_column("contacts", column)


def _contacts() -> None:
    for name in ("no_surveys", "no_news"):
        op.add_column("contacts", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("contacts", sa.Column("merged_into_id", sa.BigInteger, sa.ForeignKey("contacts.id")))
    op.create_check_constraint("not_merged_into_itself", "contacts", "merged_into_id <> id")
    op.create_index(
        "ix_contacts_merged",
        "contacts",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )


def _points() -> None:
    op.add_column("contact_points", sa.Column("shared_as", sa.Text, nullable=False, server_default=""))
    op.add_column("contact_points", sa.Column("failed_at", _MOMENT))
    op.add_column("contact_points", sa.Column("failed_reason", sa.Text))
    op.create_check_constraint("shared_as_known", "contact_points", f"shared_as IN {_SHARED_AS}")
    op.create_index(
        "ix_contact_points_shared", "contact_points", ["id"], postgresql_where=sa.text("is_shared")
    )
    op.add_column(
        "contact_links", sa.Column("is_preferred", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_table(
        "former_points",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("contact_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
        sa.Column("was_verified", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("withdrawn_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_by_id", sa.BigInteger),
        sa.CheckConstraint(f"kind IN {_POINT_KINDS}", name="kind_known"),
    )
    op.create_index("ix_former_points_contact", "former_points", ["contact_id", "id"])


def _merges() -> None:
    op.create_table(
        "contact_merges",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("survivor_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("absorbed_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("moved", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("merged_at", _MOMENT, nullable=False),
        sa.Column("merged_by_id", sa.BigInteger),
        sa.Column("undone_at", _MOMENT),
        sa.Column("undone_by_id", sa.BigInteger),
        sa.Column("undone_reason", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("ix_contact_merges_survivor", "contact_merges", ["survivor_id", "id"])
    op.create_index("ix_contact_merges_absorbed", "contact_merges", ["absorbed_id", "id"])
    op.create_index(
        "uq_contact_merges_standing",
        "contact_merges",
        ["absorbed_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "distinct_contacts",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("one_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("other_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("said_at", _MOMENT, nullable=False),
        sa.Column("said_by_id", sa.BigInteger),
        sa.UniqueConstraint("one_id", "other_id"),
        sa.CheckConstraint("one_id < other_id", name="in_order"),
    )
    op.create_index("ix_distinct_contacts_other", "distinct_contacts", ["other_id"])


def _needs() -> None:
    op.create_table(
        "support_needs",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("contact_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False, server_default=""),
        sa.Column("declared_at", _MOMENT, nullable=False),
        sa.Column("declared_by_id", sa.BigInteger),
        sa.UniqueConstraint("contact_id", "need"),
        sa.CheckConstraint(f"need IN {_NEEDS}", name="need_known"),
        sa.CheckConstraint("need = 'interpreter' OR language = ''", name="language_of_interpreter"),
    )


def _relations() -> None:
    op.create_table(
        "contact_relations",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("contact_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("other_id", sa.BigInteger, sa.ForeignKey("contacts.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.UniqueConstraint("contact_id", "other_id", "kind"),
        sa.CheckConstraint(f"kind IN {_RELATIONS}", name="kind_known"),
        sa.CheckConstraint("contact_id <> other_id", name="two_contacts"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),
    )
    op.create_index("ix_contact_relations_other", "contact_relations", ["other_id"])
