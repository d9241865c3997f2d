# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages have in common: where each stands, and what its template knows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from plugins.trainings.article import StaffPage
from plugins.trainings.memo import Memo
from plugins.trainings.views import Link, Page, Site, View
from schedule.model import LANGUAGES, Language, Session, Training


def address(path: str, language: Language) -> str:
    """Return the address of a page in a language: English at the root, Spanish below `/es`."""
    return path if language is Language.ENGLISH else f"/{language}{path}"


def session_path(session: Session) -> str:
    """Return the path of a session's page, the same in both languages."""
    return f"/schedule/{session.id}/"


def training_path(training: Training) -> str:
    """Return the path of a training's page."""
    return f"/trainings/{training.slug}/"


def article_path(article: StaffPage) -> str:
    """Return the path of a page that staff write; a folder's `index` is the folder's own page."""
    folder = "/" if article.section == "pages" else f"/{article.section}/"
    return folder if article.slug == "index" else f"{folder}{article.slug}/"


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Makes pages in one language; `now` is the build's only clock (UTC)."""

    site: Site
    language: Language
    now: datetime
    gettext: Callable[[str], str]
    markdown: Callable[[str], Markup]
    memo: Memo

    def url(self, path: str) -> str:
        """Return the address of a path in this language."""
        return address(path, self.language)

    def page(
        self,
        path: str,
        template: str,
        title: str,
        description: str,
        *,
        section: str = "none",
        crumbs: tuple[Link, ...] = (),
        feeds: tuple[Link, ...] = (),
        indexed: bool = True,
        both_languages: bool = True,
    ) -> Page:
        """Return what the template at this path knows of its page."""
        languages = LANGUAGES if both_languages else ()
        return Page(
            url=self.url(path),
            language=self.language,
            template=template,
            title=title,
            description=description,
            section=section,
            alternates=tuple((language, address(path, language)) for language in languages),
            crumbs=crumbs,
            feeds=feeds,
            indexed=indexed,
        )

    def home_link(self) -> Link:
        """Return the first of the links that lead down to a page."""
        return Link(self.gettext("Home"), self.url("/"))

    def feed(self, title: str, path: str) -> Link:
        """Return the address of a calendar."""
        return Link(title, self.url(f"/calendar/{path}.ics"))

    def whole_feed(self) -> Link:
        """Return the address of the calendar of all sessions."""
        return self.feed(self.gettext("MSIX Trainings"), "all")

    def not_found(self) -> Iterator[View]:
        """Yield the page for addresses that lead nowhere, which is one for both languages."""
        if self.language is Language.ENGLISH:
            title = self.gettext("Page not found")
            yield View(self.page("/404.html", "404.html", title, "", indexed=False, both_languages=False))
