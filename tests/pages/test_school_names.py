"""Proposals that two names mean one school."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Locale

from pages.models import SchoolNameProposal, SimilarNames

pytestmark = pytest.mark.django_db


def propose(*pairs: SimilarNames) -> None:
    SchoolNameProposal.objects.propose(pairs, locale_id=Locale.get_default().pk)


def test_a_pair_is_stored_once_in_whichever_order_and_spelling() -> None:
    propose(SimilarNames("Gem City Coll.", "Gem City College", "a.txt"))
    propose(SimilarNames("GEM CITY COLLEGE", "Gem  City Coll.", "b.txt"), SimilarNames("X Univ.", "X University"))
    assert sorted(SchoolNameProposal.objects.values_list("name", "source_key")) == [
        ("Gem City Coll.", "a.txt"),
        ("X Univ.", ""),
    ]


def test_a_dismissed_pair_stays_dismissed_when_it_is_proposed_again() -> None:
    propose(SimilarNames("Gem City Coll.", "Gem City College"))
    SchoolNameProposal.objects.update(dismissed_at=timezone.now())
    propose(SimilarNames("Gem City College", "Gem City Coll."))
    assert not SchoolNameProposal.objects.open().exists()


def test_storing_many_pairs_is_one_query(django_assert_num_queries: Any) -> None:
    pairs = [SimilarNames(f"College {number}", f"Coll. {number}") for number in range(50)]
    locale = Locale.get_default().pk
    with django_assert_num_queries(1):
        SchoolNameProposal.objects.propose(pairs, locale_id=locale)
    with django_assert_num_queries(0):
        SchoolNameProposal.objects.propose([], locale_id=locale)
