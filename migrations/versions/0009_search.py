"""Text search over demands, and saved views of lists.

The words of each case stand in a table of their own, kept by triggers: a state that changes rewrites none of
them. Safe while running: new tables, functions and triggers, each lock given up after two seconds. A small
database is filled at once; of a large one the older cases are found once `crm db index-texts` was run (in small
transactions, beside the work of the day). Undo: drops the tables; saved views are lost, words are made again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_search"
down_revision = "0008_followers"
branch_labels = None
depends_on = None

_FILLED_AT_ONCE = 20_000

# Accents count for French stems (« cassée »), and people leave them out: each word is kept under the stem of
# what was written, without accents, and under the stem of what is written without accents.
_WORDS = r"""
CREATE FUNCTION french_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(
    strip(to_tsvector('pg_catalog.french', plain || ' ' || replace(replace(bare, 'ees ', 'es '), 'ee ', 'e ')))::text,
    'àâäáãåçéèêëíìîïñóòôöõúùûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy')::tsvector
  FROM (SELECT plain, translate(plain, 'àâäáãåçéèêëíìîïñóòôöõúùûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy') || ' ' AS bare
        FROM (SELECT regexp_replace(replace(replace(lower(left(said, 20000)), 'œ', 'oe'), 'æ', 'ae'),
                                    '[^[:alnum:]]+', ' ', 'g') AS plain OFFSET 0) AS told OFFSET 0) AS both_ways
$$
"""
_QUERY = r"""
CREATE FUNCTION french_query(words text[], unfinished boolean) RETURNS tsquery LANGUAGE sql STABLE STRICT AS $$
  SELECT string_agg('(' || any_of || ')', ' & ')::tsquery FROM (
    SELECT concat_ws(' | ', nullif(array_to_string(tsvector_to_array(french_words(word)), ' | '), ''),
             CASE WHEN unfinished AND rank = cardinality(words) AND length(word) > 2 THEN
               translate(word, 'àâäáãåçéèêëíìîïñóòôöõúùûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy') || ':*' END
           ) AS any_of
    FROM unnest(words) WITH ORDINALITY AS typed(word, rank)
  ) AS each WHERE any_of <> ''
$$
"""
# Who reaches a case stands among its words (`@i`, `@o`, `@u`): a desk's search never reads other towns' cases.
_CASE = """
CREATE FUNCTION case_words(of cases) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT french_words(concat_ws(' ', of.object, of.place_label, of.place_hint))
      || array_to_tsvector(array_remove(ARRAY['@i' || of.insee, '@o' || of.origin_insee, '@u' || of.unit_id], NULL))
$$
"""
_LATER = """
CREATE FUNCTION case_later_words(of bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT french_words(coalesce(string_agg(body, ' '), '')) FROM interactions
  WHERE case_id = of AND direction = 'in' AND kind <> 'opening'
$$
"""
_KEEP = """
CREATE FUNCTION keep_case_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO case_texts (case_id, received_at, search)
    VALUES (NEW.id, NEW.received_at, case_words(NEW)) ON CONFLICT DO NOTHING;
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE case_texts SET received_at = NEW.received_at, search = case_words(NEW) || case_later_words(NEW.id)
    WHERE case_id = NEW.id;
  ELSE
    DELETE FROM case_texts WHERE case_id = OLD.id;
  END IF;
  RETURN NULL;
END $$
"""
_HEAR = """
CREATE FUNCTION keep_later_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE case_texts SET search = search || french_words(NEW.body) WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$
"""
_CHANGED = " OR ".join(
    f"OLD.{column} IS DISTINCT FROM NEW.{column}"
    for column in ("object", "place_label", "place_hint", "insee", "origin_insee", "unit_id", "received_at")
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    _texts()
    _views()
    op.execute(
        "CREATE TRIGGER cases_words AFTER INSERT OR DELETE ON cases FOR EACH ROW EXECUTE FUNCTION keep_case_words()"
    )
    op.execute(
        "CREATE TRIGGER cases_words_changed AFTER UPDATE ON cases FOR EACH ROW "
        f"WHEN ({_CHANGED}) EXECUTE FUNCTION keep_case_words()"
    )
    op.execute(
        "CREATE TRIGGER interactions_words AFTER INSERT ON interactions FOR EACH ROW "
        "WHEN (NEW.case_id IS NOT NULL AND NEW.direction = 'in' AND NEW.kind <> 'opening' AND NEW.body <> '') "
        "EXECUTE FUNCTION keep_later_words()"
    )
    at_most = f"FROM (SELECT 1 FROM cases LIMIT {_FILLED_AT_ONCE + 1}) AS few"  # noqa: S608
    few = f"SELECT count(*) <= {_FILLED_AT_ONCE} {at_most}"
    op.execute(
        "INSERT INTO case_texts (case_id, received_at, search) "  # noqa: S608 — numbers of ours
        "SELECT c.id, c.received_at, case_words(c) || case_later_words(c.id) FROM cases c "
        f"WHERE ({few})"
    )


def _texts() -> None:
    op.create_table(
        "case_texts",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_texts")),
    )
    op.execute("ALTER TABLE case_texts ALTER COLUMN search SET STATISTICS 1000")
    op.create_index("ix_case_texts_received", "case_texts", ["received_at", "case_id"])
    # A short list of what is not yet sorted in: each search reads it whole.
    op.create_index(
        "ix_case_texts_search",
        "case_texts",
        ["search"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )
    for function in (_WORDS, _QUERY, _CASE, _LATER, _KEEP, _HEAR):
        op.execute(function)


def _views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_saved_views_agent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("agent_id", "name", name=op.f("uq_saved_views_agent_id_name")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_table("saved_views")
    op.execute("DROP TRIGGER interactions_words ON interactions")
    op.execute("DROP TRIGGER cases_words ON cases")
    op.execute("DROP TRIGGER cases_words_changed ON cases")
    for function in (
        "keep_later_words()",
        "keep_case_words()",
        "case_words(cases)",
        "case_later_words(bigint)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("case_texts")
    op.execute("DROP FUNCTION french_query(text[], boolean)")
    op.execute("DROP FUNCTION french_words(text)")
