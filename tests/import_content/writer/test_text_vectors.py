"""Vectors that are written down are those that PostgreSQL makes of the texts."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from import_content.writer.text_vectors import (
    MAX_CHUNK_CHARACTERS,
    MAX_POSITION,
    MAX_POSITIONS,
    Vectors,
)

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="POSTGRESQL ONLY: SQLite has no text vectors"),
    pytest.mark.django_db,
]

SIGNS = [*".,:;/\\-+@_~&<>'\"%#=?!()*\t\n\xa0\u2003\x1c\x85\u200b’“", " ", " ", " "]
PIECES = [
    "nurse",
    "nurses",
    "the",
    "a",
    "x",
    "1",
    "2.5",
    "é",
    "漢",
    "ß",
    "İ",
    "http://",
    "www.",
    "amp;",
    "b.com",
    "zqxj",
]
TEXTS = st.lists(st.sampled_from(SIGNS + PIECES), max_size=30).map("".join).map(str.strip)


def server(*fields: tuple[str, str]) -> str:
    with connection.cursor() as cursor:
        made = " || ".join(["setweight(to_tsvector(%s), %s)"] * len(fields))
        cursor.execute(f"SELECT ({made})::text", [value for field in fields for value in field])
        return str(cursor.fetchone()[0])


def as_stored(vector: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector::text", [vector])
        return str(cursor.fetchone()[0])


def written(vectors: Vectors, *fields: tuple[str, str]) -> str | None:
    vectors.meet([text for text, _ in fields])
    return vectors.write(fields)


def test_a_vector_is_the_one_that_the_server_makes() -> None:
    vectors = Vectors(None, connection)
    compared = 0

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TEXTS, TEXTS)
    def same(first: str, second: str) -> None:
        nonlocal compared
        fields = (("nurse " + first, "C"), ("x" + second, "A"))
        vector = written(vectors, *fields)
        if vector is not None:
            compared += 1
            assert as_stored(vector) == server(*fields)

    same()
    assert compared > 100


def test_ordinary_prose_needs_no_parser() -> None:
    vectors = Vectors(None, connection)
    fields = (
        ("Bees, part-time: the hive’s e-mail is a@b.com.", "D"),
        ("Costs < $2,000 & more; see https://b.com/a?x=1 (“really”).\nThe end", "B"),
    )
    vector = written(vectors, *fields)
    assert vector is not None
    assert as_stored(vector) == server(*fields)


@pytest.mark.parametrize(
    "text",
    [
        "the <b>hive</b>",
        "~hive",
        "hive " + "x" * (MAX_CHUNK_CHARACTERS + 1),
        "hive " * (MAX_POSITIONS + 1),
        " ".join(f"w{number}" for number in range(MAX_POSITION + 1)),
    ],
)
def test_what_only_the_server_can_tell_is_left_to_it(text: str) -> None:
    assert written(Vectors(None, connection), (text, "D")) is None


def test_dictionaries_that_look_at_several_words_are_left_to_the_server() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEXT SEARCH CONFIGURATION cautious (COPY = simple)")
    assert written(Vectors("cautious", connection), ("hive", "D")) == "'hive':1D"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEXT SEARCH TEMPLATE other (LEXIZE = dsimple_lexize, INIT = dsimple_init)")
        cursor.execute("CREATE TEXT SEARCH DICTIONARY other (TEMPLATE = other)")
        cursor.execute("ALTER TEXT SEARCH CONFIGURATION cautious ALTER MAPPING FOR asciiword WITH other")
    assert written(Vectors("cautious", connection), ("hive", "D")) is None
