"""Schools: one record each, however many articles list them."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from pages.names import normalise_name
from pages.rich_text import TEXT_FEATURES
from pages.visibility import hideable_school


class SchoolQuerySet(models.QuerySet["School"]):
    def live(self) -> SchoolQuerySet:
        """Published, as readers may see them."""
        return self.filter(live=True)

    def named(self, *names: str) -> SchoolQuerySet:
        """Those whose name or alias is one of these, in any spelling that `normalise_name` does not tell apart."""
        wanted = {normalise_name(name) for name in names}
        return self.filter(
            models.Q(normalised_name__in=wanted) | models.Q(aliases__normalised_name__in=wanted)
        ).distinct()


class SchoolForm(WagtailAdminModelForm):
    """Refuses other names that are another school's."""

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())
        for form in self.formsets["aliases"].forms if "aliases" in self.formsets else ():
            name = getattr(form, "cleaned_data", {}).get("name")
            if name and not form.cleaned_data.get("DELETE") and (taken := name_of_another(name, self.instance)):
                form.add_error("name", taken)
                valid = False
        return valid


class School(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A school, college or other place of training.

    What one article says of it belongs to that article's listing; what is said here is true everywhere.
    """

    name = models.CharField(_("name"), max_length=255, help_text=_("In full, as the school writes it."))
    normalised_name = models.CharField(max_length=255, editable=False)
    slug = models.SlugField(
        _("slug"),
        max_length=255,
        allow_unicode=True,
        blank=True,
        help_text=_("The name in addresses. Filled in from the name; front ends rely on it: change it with care."),
    )
    website = models.URLField(_("website"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    region = models.CharField(_("state or region"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=120, blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    description = RichTextField(
        _("description"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("True everywhere. What one article says of the school belongs to that article's listing."),
    )

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="school",
        for_concrete_model=False,
    )
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="school",
        for_concrete_model=False,
    )

    objects = SchoolQuerySet.as_manager()

    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name", classname="title"),
                    FieldPanel("description"),
                    InlinePanel(
                        "aliases",
                        heading=_("Other names"),
                        label=_("Other name"),
                        help_text=_("Short forms and former names. Imported text that uses one means this school."),
                    ),
                    MultiFieldPanel(
                        [FieldPanel("city"), FieldPanel("region"), FieldPanel("country")],
                        heading=_("Place"),
                        classname="collapsed",
                    ),
                    FieldPanel("website"),
                    FieldPanel("logo"),
                ],
                heading=_("Content"),
            ),
            ObjectList([FieldPanel("slug")], heading=_("Promote")),
            ObjectList([PublishingPanel()], heading=_("Settings")),
        ],
        base_form_class=SchoolForm,
    )

    search_fields = [
        index.SearchField("name", boost=10),
        index.AutocompleteField("name"),
        index.SearchField("description"),
        index.SearchField("city"),
        index.SearchField("region"),
        index.RelatedFields("aliases", [index.SearchField("name")]),
        index.FilterField("live"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["normalised_name", "id"], name="pages_school_by_name"),
            models.Index(fields=["id"], condition=hideable_school(), name="pages_school_hideable"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["locale", "normalised_name"], name="pages_school_name_in_locale"),
            models.UniqueConstraint(fields=["locale", "slug"], name="pages_school_slug_in_locale"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """``City, region, country``, as far as they are known."""
        return ", ".join(filter(None, (self.city, self.region, self.country)))

    @property
    def other_names(self) -> str:
        return ", ".join(alias.name for alias in self.aliases.all())

    def clean(self) -> None:
        super().clean()
        self.normalised_name = normalise_name(self.name)
        if not self.normalised_name:
            raise ValidationError({"name": _("Give the school a name.")})
        if self.locale_id is None:
            self.locale = self.get_default_locale()
        others = School.objects.filter(locale=self.locale_id).exclude(pk=self.pk)
        same = others.filter(normalised_name=self.normalised_name).first()
        if same is not None:
            raise ValidationError({"name": _("“%(name)s” is here already.") % {"name": same.name}})
        if taken := name_of_another(self.name, self):
            raise ValidationError({"name": taken})
        if not self.slug:
            self.slug = free_slug(self.name, set(others.values_list("slug", flat=True)))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalised_name = normalise_name(self.name)
        if not self.slug:
            taken = School.objects.filter(locale=self.locale_id).exclude(pk=self.pk)
            self.slug = free_slug(self.name, set(taken.values_list("slug", flat=True)))
        super().save(*args, **kwargs)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "pages/school_preview.html"


class SchoolAlias(models.Model):
    """Another name of a school: a short form, a former name."""

    school = ParentalKey(School, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=255)
    normalised_name = models.CharField(max_length=255, editable=False, db_index=True)

    panels = [FieldPanel("name")]

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalised_name = normalise_name(self.name)
        super().save(*args, **kwargs)


def name_of_another(name: str, school: School) -> str:
    """What to say where another school has this name, or has it among its other names: imports could not tell which
    one is meant.  It leads to the merge of the two.  Empty: the name is free."""
    other = School.objects.filter(locale=school.locale_id).named(name).exclude(pk=school.pk).first()
    if other is None:
        return ""
    return format_html(
        str(_("This is a name of “{}”. If the two are one school, <a href='{}'>merge them</a>.")),
        other.name,
        f"{reverse('wagtail_bulk_action', args=['pages', 'school', 'merge'])}?id={other.pk}&into={school.pk or ''}",
    )


def free_slug(name: str, taken: set[str]) -> str:
    """A slug for `name` that is not in `taken`; the same name and the same set give the same slug."""
    wanted = slugify(name, allow_unicode=True)[:240].strip("-_") or "school"
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
