# SPDX-License-Identifier: AGPL-3.0-or-later
"""Renders the theme's templates as the site's generator does, so that nobody sees where a page comes from.

What pages are made from is loaded with the first of them: the answer to a good form shows none.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from register.domain.model import State
from register.domain.snapshot import Snapshot
from schedule.addresses import Addresses
from schedule.model import LANGUAGES, Language
from schedule.site import Link, Page, Site

if TYPE_CHECKING:
    from jinja2 import Environment

    from register.web.contexts import AboutSession
    from schedule.templates import PageContext


class Pages:
    """The pages in each language."""

    def __init__(self, theme: Path, site: Site) -> None:
        self._theme = theme
        self._site = site
        self._templates: Environment | None = None
        self._environments: dict[Language, Environment] = {}

    def gettext(self, language: Language) -> Callable[[str], str]:
        """Return what translates into a language."""
        return self._site.catalogues[language].gettext

    def addresses(self, language: Language) -> Addresses:
        """Return the site's addresses in a language."""
        return Addresses(self._site.url, language)

    def render(self, context: PageContext) -> str:
        """Return a page's HTML."""
        from schedule.templates import render

        language = context.page.language
        if language not in self._environments:
            self._environments[language] = self._environment(language)
        return render(self._environments[language], context)

    def about(self, snapshot: Snapshot, language: Language) -> AboutSession:
        """Return what a page says of a session."""
        from register.web.contexts import AboutSession

        addresses, session = self.addresses(language), snapshot.session
        return AboutSession(
            session=session,
            words=snapshot.words[language],
            url=addresses.session(session.id),
            training_url=addresses.training(session.training.slug),
        )

    def of_session(self, snapshot: Snapshot, language: Language) -> Page:
        """Return the page of a session itself, for a form that is shown again."""
        words, addresses = snapshot.words[language], self.addresses(language)
        url = addresses.session(snapshot.session.id)
        return Page(
            url=url,
            language=language,
            title=session_title(snapshot, language),
            description=f"{words.when}. {snapshot.session.training.summary.text(language)}",
            section="schedule",
            name=words.short_day,
            alternates=addresses.alternates(url),
            crumbs=self._crumbs(language),
            indexed=False,
        )

    def of_one(
        self, title: str, language: Language, snapshot: Snapshot | None = None, description: str = ""
    ) -> Page:
        """Return a page of the function's own, below that of a session if it is about one; texts are English.

        It is the same page in the other language by `?lang=` alone, so that no token is written into it.
        """
        gettext = self.gettext(language)
        title = gettext(title)
        crumbs: tuple[Link, ...] = ()
        url = self.addresses(language).schedule
        if snapshot is not None:
            url = self.addresses(language).session(snapshot.session.id)
            crumbs = (*self._crumbs(language), Link(snapshot.words[language].short_day, url))
        return Page(
            url=url,
            language=language,
            title=title,
            description=gettext(description) if description else title,
            section="schedule" if snapshot is not None else "none",
            alternates=tuple((other, f"?lang={other}") for other in LANGUAGES),
            crumbs=crumbs,
            indexed=False,
        )

    def _crumbs(self, language: Language) -> tuple[Link, ...]:
        gettext, addresses = self.gettext(language), self.addresses(language)
        return (Link(gettext("Home"), addresses.home), Link(gettext("Schedule"), addresses.schedule))

    def _environment(self, language: Language) -> Environment:
        from register.web.contexts import FunctionNames
        from schedule.templates import environment, page_names, with_names

        self._templates = self._templates or environment(self._theme)
        return with_names(self._templates, FunctionNames(State=State, **page_names(self._site, language)))


def session_title(snapshot: Snapshot, language: Language) -> str:
    """Return the title of a session's page: "CA MSIX Overview, Thursday, December 3"."""
    words = snapshot.words[language]
    return f"{words.title}, {words.day_in_year}"
