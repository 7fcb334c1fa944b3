"""People and places kept on screen: invitations, skills, who takes over from a closed unit, communes joining.

Safe while running: new, empty tables and empty columns of small tables. Undo: invitations that wait, skills, the
reasons of closings and the progress of communes are lost; accounts, roles, units and organisations stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036_staff_on_screen"
down_revision = "0035_words_on_screen"
branch_labels = None
depends_on = None


# From the trail, by its index on the subject.
_LAST_LOGINS = """
UPDATE agents SET last_login_at = (
    SELECT max(at) FROM events
    WHERE subject_kind = 'agent' AND subject_id = agents.id AND kind = 'agent.logged_in'
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("agents", sa.Column("last_login_at", sa.DateTime(timezone=True)))
    op.execute(_LAST_LOGINS)
    op.add_column("units", sa.Column("closing_motive", sa.Text, nullable=False, server_default=""))
    op.add_column("units", sa.Column("heir_id", sa.BigInteger))
    op.create_foreign_key("fk_units_heir_id_units", "units", "units", ["heir_id"], ["id"])
    _people()
    _communes()


def _people() -> None:
    op.create_table(
        "agent_invitations",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("agent_id", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_agent_invitations_agent_id_agents", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_agent_invitations_agent_id", "agent_invitations", ["agent_id", "id"])
    op.create_table(
        "skills",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("label_folded", sa.Text, nullable=False),
        sa.Column("is_language", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("label_folded", name="uq_skills_label_folded"),
    )
    op.create_table(
        "agent_skills",
        sa.Column("agent_id", sa.BigInteger, primary_key=True),
        sa.Column("skill_id", sa.BigInteger, primary_key=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name="fk_agent_skills_agent_id_agents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name="fk_agent_skills_skill_id_skills", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_agent_skills_skill_id", "agent_skills", ["skill_id"])


def _communes() -> None:
    op.create_table(
        "commune_joinings",
        sa.Column("insee", sa.String(5), primary_key=True),
        sa.Column("live_on", sa.Date),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger),
        sa.ForeignKeyConstraint(["insee"], ["communes.insee"], name="fk_commune_joinings_insee_communes"),
    )
    op.create_table(
        "joining_steps",
        sa.Column("insee", sa.String(5), primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.BigInteger),
        sa.ForeignKeyConstraint(["insee"], ["communes.insee"], name="fk_joining_steps_insee_communes"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in ("joining_steps", "commune_joinings", "agent_skills", "skills", "agent_invitations"):
        op.drop_table(table)
    op.drop_constraint("fk_units_heir_id_units", "units", type_="foreignkey")
    op.drop_column("units", "heir_id")
    op.drop_column("units", "closing_motive")
    op.drop_column("agents", "last_login_at")
