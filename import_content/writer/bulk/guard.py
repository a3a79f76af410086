"""Whether rows may be written past a model's methods and signals.

The bulk way does what Wagtail's methods and the receivers known here would have done.  Anything else that hangs on
the models would be passed by in silence, so its presence sends writers the ordinary way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED
from django.db.models.signals import ModelSignal, m2m_changed, post_init, post_save, pre_init, pre_save
from django.dispatch import Signal
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from modelsearch.index import RelatedFields
from wagtail.models import COMMENTS_RELATION_NAME, Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.signals import page_published, published

from import_content.writer.search_entries import SearchedFields
from pages.models import ArticlePage, School
from pages.models.topics import ArticleTopic
from pages.signals import is_told_of_bulk_writes

_FRAMEWORK = ("django.", "wagtail.", "modelcluster.", "treebeard.", "taggit.", "modelsearch.")
_KNOWN_RECEIVERS = {
    "modelsearch.signal_handlers.post_save_signal_handler",
    "wagtail.signal_handlers.update_reference_index_on_save",
    "wagtail.models.i18n.set_locale_on_new_instance",  # rows have a locale before they are written
    "pages.publication._article_saved",
    "pages.renditions._school_saved",  # of logos, which an import does not give
}
_KNOWN_METHODS = {
    (ArticlePage, "clean"),  # gives sections their anchors, as `content_of` has done
    (School, "clean"),
    (School, "save"),  # name and slug, as `writer.schools` sets them
}
_PAGE_METHODS = (
    *("__init__", "save", "save_base", "clean", "clean_fields", "full_clean", "minimal_clean", "save_revision"),
    *("publish", "serializable_data", "set_url_path", "get_default_locale", "update_aliases"),
    *("get_indexed_instance", "get_indexed_objects", "get_admin_display_title", "_set_core_field_defaults"),
)
_SCHOOL_METHODS = ("__init__", "save", "save_base", "clean", "full_clean", "get_indexed_instance")
_CHILDREN = {COMMENTS_RELATION_NAME, "article_topics"}
_FILLED = {"translation_key", "page_ptr"}
_SEARCHED = {"title", "introduction", "body"}


def objections() -> list[str]:
    """What stands against the bulk way, a sentence each; empty: nothing does."""
    return [
        *_foreign_receivers(),
        *_overridden(ArticlePage, _PAGE_METHODS),
        *_overridden(School, _SCHOOL_METHODS),
        *_computed_defaults(),
        *_unknown_children(),
        *_unknown_search_fields(),
    ]


def _foreign_receivers() -> Iterator[str]:
    saved: list[tuple[str, Signal, tuple[type[Model], ...]]] = [
        ("pre_save", pre_save, (ArticlePage, ArticleTopic, School, Revision, PageLogEntry, ReferenceIndex)),
        ("post_save", post_save, (ArticlePage, ArticleTopic, School, Revision, PageLogEntry, ReferenceIndex)),
        ("pre_init", pre_init, (ArticlePage, School)),
        ("post_init", post_init, (ArticlePage, School)),
        ("m2m_changed", m2m_changed, (ArticlePage,)),
        ("page_published", page_published, (ArticlePage,)),
        ("published", published, (ArticlePage,)),
    ]
    for name, signal, senders in saved:
        for sender in senders:
            for receiver in receivers_of(signal, sender):
                if receiver not in _KNOWN_RECEIVERS:
                    yield f"{receiver} listens to {name} of {sender.__name__}"


def receivers_of(signal: Signal | ModelSignal, sender: type[Model]) -> list[str]:
    """Names of the functions that must hear of each row; those that are told of many at once are left out."""
    sync, asynchronous = signal._live_receivers(sender)  # there is no public way to list them
    deaf = [r for r in [*sync, *asynchronous] if not is_told_of_bulk_writes(r)]
    return sorted({f"{r.__module__}.{getattr(r, '__qualname__', type(r).__name__)}" for r in deaf})


def _overridden(model: type[Model], methods: tuple[str, ...]) -> Iterator[str]:
    for method in methods:
        owner: Any = next((cls for cls in model.__mro__ if method in cls.__dict__), None)
        if owner and not owner.__module__.startswith(_FRAMEWORK) and (owner, method) not in _KNOWN_METHODS:
            yield f"{owner.__module__}.{owner.__name__} overrides {method}()"


def _computed_defaults() -> Iterator[str]:
    """A default that differs from row to row: the bulk way takes one value for a whole batch."""
    fields: list[Field[Any, Any]] = [*Page._meta.local_concrete_fields, *ArticlePage._meta.local_concrete_fields]
    for field in fields:
        computed = callable(field.default) and field.default is not NOT_PROVIDED and field.default not in (dict, list)
        if computed and field.name not in _FILLED and field.name not in _SEARCHED:
            yield f"{field.model.__name__}.{field.name} has a computed default"


def _unknown_children() -> Iterator[str]:
    """What is saved with an article in tables of its own."""
    relations = [relation.get_accessor_name() for relation in get_all_child_relations(ArticlePage)]
    for name in [*relations, *(field.name for field in get_all_child_m2m_relations(ArticlePage))]:
        if name not in _CHILDREN:
            yield f"ArticlePage.{name} is saved with it"


def _unknown_search_fields() -> Iterator[str]:
    searched = SearchedFields(ArticlePage)
    for field in [*searched.title, *searched.autocomplete, *searched.body]:
        if field.field_name not in _SEARCHED:
            yield f"ArticlePage.{field.field_name} is searched"
    for related in ArticlePage.get_search_fields():
        if isinstance(related, RelatedFields):
            yield f"ArticlePage.{related.field_name} is searched through a relation"
