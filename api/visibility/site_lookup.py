"""Which site one request reads, and how sure that is.

The sites are asked of the database for every answer.  Asking costs a round trip of its own, unless a statement that
reads something else brings them along (`SitesText`): that statement needs the site already, so it takes the sites of
the latest answer for a guess, and what it brought along says whether the guess was right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.visibility.sites import Site, Sites, current_sites, sites_of


class UnknownSiteError(Exception):
    """There is no such site; the message says what can be done."""


class SitesChangedError(Exception):
    """Something was read for a site that is another one by now; it is to be read again."""


@dataclass(slots=True)
class LatestSites:
    """The sites that the latest answer of this process was made for: a guess, and never more.

    Shared by all requests without a lock: each reads it once and writes it once.
    """

    sites: Sites | None = None


LATEST = LatestSites()


@dataclass(slots=True)
class SiteLookup:
    """The sites as one request sees them."""

    wanted: str | None
    """As `?site=` names it; None: the default site."""
    latest: LatestSites
    sites: Sites | None = None
    """As they are now; None: not asked yet."""
    guess: Sites | None = None
    """What `likely` took them to be."""

    def all(self) -> Sites:
        """Every site.  One query, the first time."""
        return self.sites or self._settle(current_sites())

    def certain(self) -> Site:
        """The requested site.  One query, the first time.  Raises `UnknownSiteError`."""
        found = self.all().named(self.wanted)
        if found is None:
            raise UnknownSiteError(
                "No default site is set up here; name one with “site”."
                if self.wanted is None
                else "“site” names no site of this server."
            )
        return found

    def likely(self) -> Site:
        """The requested site, taken to be as it was when an answer was last given.  Mostly no query.

        For whoever reads with a statement that brings the sites along, and hands them to `confirm` before anything
        that was read is used.  Raises `UnknownSiteError`.
        """
        if self.sites is None and (guess := self.guess or self.latest.sites) is not None:
            found = guess.named(self.wanted)
            if found is not None:
                self.guess = guess
                return found
        return self.certain()

    def confirm(self, texts: Sequence[str | None]) -> None:
        """Checks the guess against `texts`: what `SitesText` said in the rows that were read for the likely site.

        Where there are no rows, one query.  Raises `SitesChangedError` where the guess was wrong; `likely` is right
        from then on.
        """
        if self.sites is not None:
            return
        now = self._settle(sites_of(texts[0]) if texts else current_sites())
        if self.guess is None or self.guess.text != now.text:
            raise SitesChangedError

    def _settle(self, sites: Sites) -> Sites:
        self.sites = self.latest.sites = sites
        return sites
