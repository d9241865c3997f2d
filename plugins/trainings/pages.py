# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages have in common: where each stands, and what its template knows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from plugins.trainings.contexts import NotFoundContext
from plugins.trainings.memo import Memo
from plugins.trainings.views import FeedLink
from schedule import wording
from schedule.addresses import Addresses
from schedule.model import Language
from schedule.site import Link, Page, Site
from schedule.templates import PageContext


@dataclass(frozen=True, slots=True)
class Draft:
    """A page that is to be made unless it stands already: its address, what all of it follows from, and its context."""

    url: str
    inputs: object
    context: Callable[[], PageContext]
    indexed: bool = True


def drafted(context: PageContext) -> Draft:
    """Return the draft of a page whose context is there."""
    return Draft(context.page.url, context, lambda: context, context.page.indexed)


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Makes pages in one language; `now` is the build's only clock (UTC)."""

    site: Site
    language: Language
    now: datetime
    markdown: Callable[[str], Markup]
    memo: Memo

    @property
    def addresses(self) -> Addresses:
        """The site's addresses in this language."""
        return Addresses(self.site.url, self.language)

    def gettext(self, message: str) -> str:
        """Return a message in this language."""
        return self.site.catalogues[self.language].gettext(message)

    def page(
        self,
        url: str,
        title: str,
        description: str,
        *,
        section: str = "none",
        name: str = "",
        crumbs: tuple[Link, ...] = (),
        feeds: tuple[Link, ...] = (),
        indexed: bool = True,
    ) -> Page:
        """Return what the template knows of the page at an address."""
        return Page(
            url=url,
            language=self.language,
            title=title,
            description=description,
            section=section,
            name=name,
            alternates=self.addresses.alternates(url),
            crumbs=crumbs,
            feeds=feeds,
            indexed=indexed,
        )

    def home_link(self) -> Link:
        """Return the first of the links that lead down to a page."""
        return Link(self.gettext("Home"), self.addresses.home)

    def calendar_link(self) -> Link:
        """Return the calendar of all sessions."""
        return Link(self.gettext("MSIX Trainings"), self.addresses.calendar)

    def language_feeds(self) -> tuple[FeedLink, ...]:
        """Return the calendars of the sessions that are held in each language."""
        texts = {
            Language.ENGLISH: self.gettext("Only the dates in English"),
            Language.SPANISH: self.gettext("Only the dates in Spanish"),
        }
        name = self.gettext("MSIX Trainings")
        return tuple(
            FeedLink(
                text,
                f"{name}: {wording.language_name(held_in, self.language)}",
                self.addresses.language_calendar(held_in),
            )
            for held_in, text in texts.items()
        )

    def not_found(self) -> Iterator[PageContext]:
        """Yield the page for addresses that lead nowhere, which is one for both languages."""
        if self.language is Language.ENGLISH:
            page = self.page(self.addresses.not_found, self.gettext("Page not found"), "", indexed=False)
            spanish = Addresses(self.site.url, Language.SPANISH)
            yield NotFoundContext(page=replace(page, alternates=()), spanish=spanish)
