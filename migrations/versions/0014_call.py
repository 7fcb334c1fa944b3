"""What a call leaves behind: its motive and length, for whom it was, what was said of a danger; and answers
that stop a demand.

Safe while running: columns with constant defaults and an empty table. Undo: they are dropped, and what they
hold with them; the exchanges and the cases stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014_call"
down_revision = "0013_resident"
branch_labels = None
depends_on = None

_EXCHANGE = {"reason": sa.Text(), "category_code": sa.Text(), "seconds": sa.Integer()}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column(
        "category_questions", sa.Column("stops", JSONB(), nullable=False, server_default=sa.text("'[]'"))
    )
    for name, kind in _EXCHANGE.items():
        op.add_column("interactions", sa.Column(name, kind, nullable=True))
    op.create_table(
        "case_contacts",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('beneficiary', 'proxy')", name=op.f("ck_case_contacts_role_known")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_contacts_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_case_contacts_contact_id_contacts")
        ),
        sa.PrimaryKeyConstraint("case_id", "contact_id", "role", name=op.f("pk_case_contacts")),
    )
    op.create_index("ix_case_contacts_contact_id", "case_contacts", ["contact_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("case_contacts")
    for name in _EXCHANGE:
        op.drop_column("interactions", name)
    op.drop_column("category_questions", "stops")
