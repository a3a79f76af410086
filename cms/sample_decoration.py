"""What the sample articles have besides their texts: a lead image and topics, which a plain text cannot say."""

from __future__ import annotations

from pathlib import Path

from django.core.files import File
from django.db import transaction
from wagtail.images import get_image_model

from import_content.models import SourceRecord
from pages.models import ArticlePage

IMAGES = Path(__file__).resolve().parent / "sample_images"

IMAGE_TITLES = {
    "books.jpg": "Two shelves of books",
    "field.jpg": "Green hills at dawn",
    "network.jpg": "Points joined by lines",
    "people.jpg": "Three people",
    "table.jpg": "Dishes on a table, from above",
    "workshop.jpg": "Three gears",
}

DECORATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "aviation-maintenance-technician.txt": ("workshop.jpg", ("trades", "transport")),
    "becoming-a-surgical-technologist.txt": ("people.jpg", ("health",)),
    "cybersecurity-degrees-and-careers.txt": ("network.jpg", ("technology",)),
    "environmental-science-degrees.txt": ("field.jpg", ("science", "outdoors")),
    "graphic-design-degrees-explained.txt": ("table.jpg", ("arts",)),
    "guides/learning-web-development.txt": ("network.jpg", ("technology", "choosing a school")),
    "guides/understanding-accreditation.txt": ("books.jpg", ("choosing a school",)),
    "how-to-become-an-electrician.txt": ("workshop.jpg", ("trades",)),
    "is-culinary-school-worth-it.txt": ("table.jpg", ("trades", "food")),
    "library-science-degrees.txt": ("books.jpg", ("education",)),
    "physical-therapist-assistant-programs.txt": ("people.jpg", ("health",)),
    "sign-language-interpreting.txt": ("people.jpg", ("languages", "social work")),
    "social-work-degrees-bsw-msw.txt": ("people.jpg", ("social work",)),
}
"""Source of a sample article to its image and its topics."""


@transaction.atomic
def decorate_samples() -> int:
    """Give the sample articles that were imported an image and topics, and publish them; returns how many.

    An article that somebody has given either already is left alone.
    """
    records = SourceRecord.objects.filter(key__in=DECORATIONS, page__live=True, page__lead_image=None)
    sources = dict(records.filter(page__has_unpublished_changes=False).values_list("page", "key"))
    articles = ArticlePage.objects.filter(pk__in=sources, article_topics=None).order_by("pk")
    images: dict[str, int] = {}
    for article in articles:
        file, topics = DECORATIONS[sources[article.pk]]
        article.lead_image_id = images.get(file) or images.setdefault(file, _image(file))
        article.topics.set(topics)
        article.save_revision().publish()
    return len(articles)


def _image(file: str) -> int:
    """The id of the image with this title, made where there is none."""
    model = get_image_model()
    title = IMAGE_TITLES[file]
    image = model.objects.filter(title=title).first()
    if image is None:
        with (IMAGES / file).open("rb") as data:
            image = model(title=title)
            image.file = File(data, name=file)
            image.save()
    pk: int = image.pk
    return pk
