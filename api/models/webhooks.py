"""Addresses that are told of changes, and what they were told."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from api.models.journal import JournalState
from api.models.secrets import new_secret


class WebhookEndpoint(models.Model):
    """An address, what it wants to hear of, and how far it has heard."""

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("URL"), max_length=500, help_text=_("Where changes are sent to, with POST."))
    secret = models.CharField(_("secret"), max_length=100, default=new_secret)
    former_secret = models.CharField(
        _("former secret"),
        max_length=100,
        blank=True,
        help_text=_("Signs as well, while secrets change."),
    )
    types = models.CharField(_("types"), max_length=100, blank=True, help_text=_("Separated by commas; empty: all."))
    locale = models.CharField(_("locale"), max_length=100, blank=True, help_text=_("Empty: all."))
    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("site"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    path_prefix = models.CharField(_("path begins with"), max_length=500, blank=True)
    every_seconds = models.PositiveIntegerField(
        _("at most once in so many seconds"),
        default=0,
        help_text=_("For build hooks; 0: at once."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    sequence = models.BigIntegerField(default=0, editable=False)
    """Everything up to this number was delivered."""
    failures = models.PositiveIntegerField(default=0, editable=False)
    next_attempt_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new one hears of what comes from now on."""
        if self._state.adding and not self.sequence:
            self.sequence = JournalState.objects.values_list("sequence", flat=True).first() or 0
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.url and not self.url.startswith(("https://", "http://")):
            raise ValidationError({"url": _("Only http and https.")})


class WebhookDelivery(models.Model):
    """A message, kept from before it is sent: attempts repeat it, letter for letter."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True)
    first = models.BigIntegerField()
    """The number after which its range begins."""
    last = models.BigIntegerField()
    body = models.TextField()
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    """The beginning of the answer's body, or why there was none."""
    seconds = models.FloatField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.endpoint_id}"


class PurgePosition(models.Model):
    """How far caches have been purged; one row."""

    sequence = models.BigIntegerField()

    def __str__(self) -> str:
        return f"purged up to {self.sequence}"
