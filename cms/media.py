"""Uploaded files at `/media/`: to everybody what readers may see, to people of the admin the rest of the images.

Documents are never to be had here: Wagtail's own view (`/documents/`) asks for the restrictions on their collection.
A server that stands before this one can send the bytes itself: see `MEDIA_ACCEL_PREFIX`.
"""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from pages.visibility import visible_file

PUBLIC_MAX_AGE_SECONDS = 3600


@require_safe
def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """One query for a rendition that readers may see.  404 says nothing about whether there is such a file."""
    public = is_public(path)
    if not public and not _may_see_private(request, path):
        raise Http404
    if not default_storage.exists(path):
        raise Http404
    response = _bytes_of(path)
    response["Cache-Control"] = f"public, max-age={PUBLIC_MAX_AGE_SECONDS}" if public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def is_public(path: str) -> bool:
    """An image, or a rendition of one, that no restriction lies on."""
    image = get_image_model()
    renditions = image.get_rendition_model().objects.filter(visible_file("image__"), file=path)
    return bool(renditions.exists() or image.objects.filter(visible_file(), file=path).exists())


def _may_see_private(request: HttpRequest, path: str) -> bool:
    """People of the admin see the images that they work with, and each other's portraits; documents never here."""
    if not request.user.is_authenticated or not request.user.has_perm("wagtailadmin.access_admin"):
        return False
    image = get_image_model()
    known = image.objects.filter(file=path).exists()
    known = known or image.get_rendition_model().objects.filter(file=path).exists()
    return known or path.startswith("avatar_images/")


def _bytes_of(path: str) -> HttpResponseBase:
    prefix = settings.MEDIA_ACCEL_PREFIX
    if not prefix:
        return FileResponse(default_storage.open(path))
    response = HttpResponse()
    del response["Content-Type"]  # nginx knows it by the file's name
    response["X-Accel-Redirect"] = prefix + quote(path)
    return response
