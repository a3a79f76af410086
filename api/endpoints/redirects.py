"""Old paths and where they lead now."""

from __future__ import annotations

from typing import Any

from api.http.pagination import list_representation
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.paths.public_redirects import RedirectRow, public_redirects, redirect_text
from api.resources.listing import Listing, Order

REDIRECTS = Listing(
    public_redirects,
    RedirectRow,
    orders=(Order("path", "old_path"), Order("id", "pk", int)),
    default="path",
    most=1000,
)


class RedirectList(ContentView):
    parameters = (SITE, *REDIRECTS.parameters)
    operation = {
        "operationId": "listRedirects",
        "summary": "Old paths and where they lead now",
        "tags": ["tree"],
        "list_of": "Redirect",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        page = REDIRECTS.read(query.values, site=query.site, identity="redirects")
        return list_representation(query, page, [redirect_text(row, query.site) for row in page.rows], ["redirects"])
