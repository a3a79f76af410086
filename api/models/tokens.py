"""Keys of programs that do more than read what is public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A key, of which only a digest is kept."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Who has it, and what for."))
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    """The part by which it is recognised, in lists and in reports of leaks."""
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.CharField(_("scopes"), max_length=200, help_text=_("What it is good for, separated by spaces."))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}...)"

    @property
    def is_valid(self) -> bool:
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.revoked_at is None and not expired

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes.split()


class Consumer(models.Model):
    """A front end that says which change it shows."""

    name = models.SlugField(max_length=100, unique=True)
    sequence = models.BigIntegerField()
    deployed_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} at {self.sequence}"
