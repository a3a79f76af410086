"""Full-text search of published articles: headings weigh on their own, and no word is too common to be found.

The index is derived: `manage.py render_published` fills it for articles that were published before.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE pages_publishedtext_fts USING fts5(
        title, headings, text, related,
        content='pages_publishedtext', content_rowid='page_id',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER pages_publishedtext_inserted AFTER INSERT ON pages_publishedtext BEGIN
        INSERT INTO pages_publishedtext_fts (rowid, title, headings, text, related)
        VALUES (new.page_id, new.title, new.headings, new.text, new.related);
    END
    """,
    """
    CREATE TRIGGER pages_publishedtext_deleted AFTER DELETE ON pages_publishedtext BEGIN
        INSERT INTO pages_publishedtext_fts (pages_publishedtext_fts, rowid, title, headings, text, related)
        VALUES ('delete', old.page_id, old.title, old.headings, old.text, old.related);
    END
    """,
    """
    CREATE TRIGGER pages_publishedtext_updated AFTER UPDATE ON pages_publishedtext
    WHEN (old.title, old.headings, old.text, old.related) IS NOT (new.title, new.headings, new.text, new.related) BEGIN
        INSERT INTO pages_publishedtext_fts (pages_publishedtext_fts, rowid, title, headings, text, related)
        VALUES ('delete', old.page_id, old.title, old.headings, old.text, old.related);
        INSERT INTO pages_publishedtext_fts (rowid, title, headings, text, related)
        VALUES (new.page_id, new.title, new.headings, new.text, new.related);
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER pages_publishedtext_inserted",
    "DROP TRIGGER pages_publishedtext_deleted",
    "DROP TRIGGER pages_publishedtext_updated",
    "DROP TABLE pages_publishedtext_fts",
]

POSTGRESQL = [
    # Snowball without its list of stop words: every word of a phrase counts.
    "CREATE TEXT SEARCH DICTIONARY pages_search_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION pages_search (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION pages_search ALTER MAPPING FOR asciiword, word, numword WITH pages_search_stem",
    "ALTER TABLE pages_publishedtext ADD COLUMN title_vector tsvector NOT NULL DEFAULT ''",
    "ALTER TABLE pages_publishedtext ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
    # A search looks at the ids of all that hit: the table itself is kept narrow, everything long stands outside it.
    "ALTER TABLE pages_publishedtext SET (toast_tuple_target = 128)",
    "CREATE INDEX pages_publishedtext_title ON pages_publishedtext USING gin (title_vector)",
    "CREATE INDEX pages_publishedtext_vector ON pages_publishedtext USING gin (vector)",
    # Ranks the newest articles with all `words` that match `query`.  The planner is not asked: it takes @@ for cheap,
    # which it is not where it has to fetch each article's lexemes; the GIN indexes answer it without them.  Phrases
    # they cannot answer, so these are looked for among the newest articles that have the words.
    """
    CREATE FUNCTION pages_search_hits(
        words tsquery, query tsquery, titles integer, most integer, bonus double precision, within bigint[]
    ) RETURNS TABLE (page_id integer, score double precision)
    LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET enable_indexscan = off SET enable_bitmapscan = on
    SET jit = off SET max_parallel_workers_per_gather = 0 SET work_mem = '32MB'
    AS $$
    #variable_conflict use_column
    DECLARE
        in_title bigint[];
        anywhere bigint[];
    BEGIN
        IF within IS NULL THEN
            in_title := ARRAY(SELECT t.page_id FROM pages_publishedtext t WHERE t.title_vector @@ words
                              ORDER BY t.page_id DESC LIMIT titles);
            anywhere := ARRAY(SELECT t.page_id FROM pages_publishedtext t WHERE t.vector @@ words
                              ORDER BY t.page_id DESC LIMIT most);
        ELSE
            in_title := ARRAY(SELECT t.page_id FROM pages_publishedtext t
                              WHERE t.page_id = ANY(within) AND t.title_vector @@ words);
            anywhere := within;
        END IF;
        RETURN QUERY
            SELECT t.page_id,
                   -ts_rank('{0.05, 0.1, 0.4, 1.0}', t.vector, query, 1)::double precision
                   - CASE WHEN t.title_vector @@ query THEN bonus ELSE 0 END
            FROM pages_publishedtext t
            WHERE t.page_id = ANY(in_title || anywhere) AND t.vector @@ query;
    END
    $$
    """,
]
POSTGRESQL_BACK = [
    "DROP FUNCTION pages_search_hits",
    "ALTER TABLE pages_publishedtext DROP COLUMN vector",
    "ALTER TABLE pages_publishedtext DROP COLUMN title_vector",
    "DROP TEXT SEARCH CONFIGURATION pages_search",
    "DROP TEXT SEARCH DICTIONARY pages_search_stem",
]



def forwards(apps, schema_editor):
    for sql in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(sql)


def backwards(apps, schema_editor):
    for sql in {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}[schema_editor.connection.vendor]:
        schema_editor.execute(sql)


class Migration(migrations.Migration):

    dependencies = [("pages", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
