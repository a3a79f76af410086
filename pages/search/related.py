"""Related words of articles: what things are called that readers may see, and the articles to write again when that
changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex

from pages import references
from pages.models import ArticlePage, PublishedArticle, PublishedListing, PublishedText, School
from pages.search import index
from pages.search.text import Words, mentions_of, own_words
from pages.visibility import public_page, visible_file, visible_school

ARTICLES_PER_BATCH = 200


def names_seen(texts: Iterable[Words]) -> dict[str, str]:
    """The words of all mentioned objects that readers may see, by the names of references.  A query for each kind that
    there is: schools by their names, pages by their titles, images by nothing."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for words in texts:
        for name, _ in words.mentions:
            kind, _, pk = name.partition(":")
            wanted[kind].add(int(pk))
    names: dict[str, str] = {}
    if schools := wanted["school"]:
        rows = School.objects.filter(visible_school(), pk__in=schools).order_by()
        names |= {f"school:{pk}": name for pk, name in rows.values_list("pk", "name")}
    if pages := wanted["page"]:
        targets = Page._base_manager.filter(public_page(), pk__in=pages).order_by()
        names |= {f"page:{pk}": title for pk, title in targets.values_list("pk", "title")}
    if images := wanted["image"]:
        shown = get_image_model().objects.filter(visible_file(), pk__in=images).order_by()
        names |= {f"image:{pk}": "" for pk in shown.values_list("pk", flat=True)}
    return names


def renew(page_ids: Sequence[int]) -> None:
    """Write the related words of these articles anew.  A few queries for each two hundred."""
    for start in range(0, len(page_ids), ARTICLES_PER_BATCH):
        batch = page_ids[start : start + ARTICLES_PER_BATCH]
        bodies = dict(PublishedArticle.objects.filter(page__in=batch).values_list("page_id", "body"))
        stored = PublishedText.objects.filter(page__in=batch).values_list("page_id", "title", "headings", "text")
        own = {
            pk: own_words(title, headings, text, mentions_of(references.load(bodies[pk])))
            for pk, title, headings, text in stored
            if pk in bodies
        }
        names = names_seen(own.values())
        if own:
            index.write([(pk, words.with_related(names)) for pk, words in own.items()])


def renew_schools(school_ids: Collection[int]) -> None:
    """Schools have another name, or are seen otherwise than before."""
    renew(listing_articles(school_ids))


def listing_articles(school_ids: Collection[int]) -> list[int]:
    """Ids of the published articles that list one of these schools."""
    rows = PublishedListing.objects.filter(school__in=school_ids).order_by("page_id")
    return list(rows.values_list("page_id", flat=True).distinct())


def renew_callers(page_ids: Collection[int]) -> None:
    """Pages have another title, or are seen otherwise than before.  One query where no article calls to them."""
    rows = ReferenceIndex.objects.filter(
        Q(model_path="body.call_to_action.page"),
        content_type=ContentType.objects.get_for_model(ArticlePage, for_concrete_model=False),
        to_content_type=ReferenceIndex._get_base_content_type(Page),
        to_object_id__in=[str(pk) for pk in page_ids],
    )
    renew(sorted({int(pk) for pk in rows.values_list("object_id", flat=True)} - set(page_ids)))
