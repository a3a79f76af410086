"""The API's part of the admin: webhooks, and tokens, whose keys are shown once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.model import ModelViewSet

from api.models import ApiToken, WebhookEndpoint
from api.tokens.keys import create_token


class TokenCreateView(CreateView):
    """Draws the key, and shows it this once."""

    def save_instance(self) -> ApiToken:
        given = self.form.cleaned_data
        token, key = create_token(
            given["name"], given["scopes"].split(), expires_at=given["expires_at"], user=self.request.user
        )
        messages.warning(self.request, _("The key, which is shown only now: %s") % key)
        return token


class TokenViewSet(ModelViewSet):
    model = ApiToken
    icon = "key"
    add_view_class = TokenCreateView
    form_fields = ["name", "scopes", "expires_at", "revoked_at"]
    list_display = ["name", "prefix", "scopes", "expires_at", "revoked_at", "last_used_at"]
    menu_label = gettext_lazy("API tokens")
    menu_order = 800
    add_to_settings_menu = True
    inspect_view_enabled = False


class WebhookViewSet(ModelViewSet):
    model = WebhookEndpoint
    icon = "link-external"
    form_fields = [
        *("name", "url", "secret", "former_secret", "types", "locale", "site", "path_prefix"),
        *("every_seconds", "enabled"),
    ]
    list_display = ["name", "url", "enabled", "failures", "failing_since", "next_attempt_at"]
    menu_label = gettext_lazy("Webhooks")
    menu_order = 810
    add_to_settings_menu = True


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _viewsets() -> list[Any]:
    return [TokenViewSet("api-tokens"), WebhookViewSet("webhooks")]
