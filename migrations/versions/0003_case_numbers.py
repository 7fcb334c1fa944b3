"""Numbers of a year, handed out without anybody waiting for anybody.

A sequence per year: taking a number locks no row, so that two hundred advisors never queue for one. Numbers
may be skipped, never given twice. Safe while running: creates a function. Undo: drops it and its sequences;
references already given stay on their cases, so undo only on an empty database.
"""

from alembic import op

revision = "0003_case_numbers"
down_revision = "0002_events_are_append_only"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute(
        """
        CREATE FUNCTION next_case_number(year integer) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE name text := format('case_number_%s', year);
        BEGIN
          RETURN nextval(name::regclass);
        EXCEPTION WHEN undefined_table THEN
          PERFORM pg_advisory_xact_lock(730522, year);
          EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
          RETURN nextval(name::regclass);
        END $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("DROP FUNCTION next_case_number")
    op.execute(
        """
        DO $$ DECLARE s record; BEGIN
          FOR s IN SELECT relname FROM pg_class WHERE relkind = 'S' AND relname LIKE 'case_number_%' LOOP
            EXECUTE format('DROP SEQUENCE %I', s.relname);
          END LOOP;
        END $$
        """
    )
