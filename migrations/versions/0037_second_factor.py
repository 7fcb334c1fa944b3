"""What agents show besides their password, and who opened which usager's sheet.

Safe while running: new tables; the openings noted so far are copied from the facts, once for each hour.
Undo: agents enter with their password alone, and the log of readings since then is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037_second_factor"
down_revision = "0036_staff_on_screen"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _factors()
    op.create_table(
        "contact_readings",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(
            "contact_id",
            sa.BigInteger,
            sa.ForeignKey("contacts.id", name="fk_contact_readings_contact_id"),
            nullable=False,
        ),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_id", sa.BigInteger, nullable=False),
        sa.Column("hour", _MOMENT, nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("motive", sa.Text, nullable=False, server_default=""),
        sa.Column("words", sa.Text, nullable=False, server_default=""),
        sa.Column("open_until", _MOMENT),
        sa.CheckConstraint("(motive = '') = (open_until IS NULL)", name="a_motive_opens"),
    )
    op.create_index(
        "uq_contact_readings_hour",
        "contact_readings",
        ["contact_id", "actor_kind", "actor_id", "hour"],
        unique=True,
        postgresql_where=sa.text("motive = ''"),
    )
    op.create_index("ix_contact_readings_contact", "contact_readings", ["contact_id", "id"])
    op.create_index("ix_contact_readings_actor", "contact_readings", ["actor_kind", "actor_id", "id"])
    op.create_index(
        "ix_contact_readings_motive", "contact_readings", ["id"], postgresql_where=sa.text("motive <> ''")
    )
    op.create_index("ix_contact_readings_read_at", "contact_readings", ["read_at"])
    op.execute(
        """
        INSERT INTO contact_readings (contact_id, actor_kind, actor_id, hour, read_at, page)
        SELECT DISTINCT ON (e.subject_id, e.actor_kind, e.actor_id, date_trunc('hour', e.at, 'UTC'))
               e.subject_id, e.actor_kind, e.actor_id, date_trunc('hour', e.at, 'UTC'), e.at, 'sheet'
        FROM events e JOIN contacts c ON c.id = e.subject_id
        WHERE e.kind = 'contact.seen' AND e.actor_id IS NOT NULL
        ORDER BY e.subject_id, e.actor_kind, e.actor_id, date_trunc('hour', e.at, 'UTC'), e.id
        """
    )
    op.execute(
        """
        CREATE FUNCTION contact_readings_stay() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a reading is never changed'; END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER contact_readings_stay BEFORE UPDATE ON contact_readings
        FOR EACH STATEMENT EXECUTE FUNCTION contact_readings_stay()
        """
    )


def _factors() -> None:
    op.create_table(
        "second_factors",
        _agent("second_factors", primary_key=True),
        sa.Column("secret", sa.Text),
        sa.Column("secret_since", _MOMENT),
        sa.Column("last_step", sa.BigInteger),
        sa.Column("challenge", sa.LargeBinary),
        sa.Column("challenge_at", _MOMENT),
        sa.Column("reset_words", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _agent("passkeys"),
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_used_at", _MOMENT),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
        sa.CheckConstraint("sign_count >= 0", name="sign_count_counted"),
    )
    op.create_index("ix_passkeys_agent_id", "passkeys", ["agent_id"])
    op.create_table(
        "recovery_codes",
        _agent("recovery_codes", primary_key=True),
        sa.Column("rank", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("used_at", _MOMENT),
        sa.CheckConstraint("rank BETWEEN 0 AND 9", name="rank_is_a_digit"),
    )


def _agent(table: str, *, primary_key: bool = False) -> sa.Column[int]:
    owner = sa.ForeignKey("agents.id", ondelete="CASCADE", name=f"fk_{table}_agent_id")
    return sa.Column("agent_id", sa.BigInteger, owner, primary_key=primary_key, nullable=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    for table in ("contact_readings", "recovery_codes", "passkeys", "second_factors"):
        op.drop_table(table)
    op.execute("DROP FUNCTION contact_readings_stay()")
