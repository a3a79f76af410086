"""Sign-in, and what browsers are told to refuse."""

from __future__ import annotations

from datetime import timedelta

from cms.settings.environment import env_int

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses whoever is locked out, before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
]

# Failures are counted in the database, which all processes share, by name and address together: whoever guesses an
# editor's password does not lock the editor out.
AXES_FAILURE_LIMIT = env_int("SIGN_IN_FAILURES", 5)
AXES_COOLOFF_TIME = timedelta(minutes=env_int("SIGN_IN_LOCK_MINUTES", 15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "cms/locked_out.html"
AXES_CLIENT_IP_CALLABLE = "cms.security.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

X_FRAME_OPTIONS = "DENY"

_NOWHERE = "base-uri 'none'; object-src 'none'; form-action 'self'"

CONTENT_SECURITY_POLICIES = (
    # The documentation of the API is Swagger UI, which writes style attributes.
    (
        "/api/v1/docs/",
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; "
        + _NOWHERE,
    ),
    ("/api/", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("/media/", "default-src 'none'; sandbox"),
    # Wagtail's widgets start in inline scripts; previews are framed, of a front end that may stand elsewhere.
    (
        "/admin/",
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob: https:; media-src 'self' https:; "
        "frame-src 'self' https: http://localhost:* http://127.0.0.1:*; frame-ancestors 'self'; " + _NOWHERE,
    ),
    # The site itself.  The bar of signed-in editors writes style attributes.
    (
        "/",
        "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; "
        + _NOWHERE,
    ),
)
"""Beginning of a path to the policy of what is served below it; the first that fits counts."""
