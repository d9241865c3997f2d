# SPDX-License-Identifier: AGPL-3.0-or-later
"""Renders the theme's templates as the site's generator does, so that nobody sees where a page comes from.

Nothing of Jinja is made before the first page: the answer to a good form needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from register.domain.snapshot import Snapshot
from schedule import signup
from schedule.model import LANGUAGES, Language, Localized

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class Link:
    """A titled address; `language` is that of the title where it is not the page's."""

    title: str
    url: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What every template knows of its own page; see `Page` of the site's generator."""

    url: str
    """Printed at the page's foot: never one with a token in it."""
    language: Language
    title: str
    description: str
    section: str
    alternates: tuple[tuple[Language, str], ...]
    crumbs: tuple[Link, ...] = ()
    feeds: tuple[Link, ...] = ()
    indexed: bool = False


def address(path: str, language: Language) -> str:
    """Return the address of a page in a language: English at the root, Spanish below `/es`."""
    return path if language is Language.ENGLISH else f"/{language}{path}"


class Pages:
    """The templates in each language. `site` is what `build/site.json` says."""

    def __init__(self, theme: Path, site: Mapping[str, Any]) -> None:
        self._templates = theme / "templates"
        self._catalogues: Mapping[str, Mapping[str, list[str]]] = site["catalogues"]
        self._site = {name: value for name, value in site.items() if name != "catalogues"}
        self._environments: dict[Language, Environment] = {}

    def gettext(self, language: Language) -> Callable[[str], str]:
        """Return what translates into a language; a message without a translation stays English."""
        messages = self._catalogues.get(language, {})
        return lambda message: messages.get(message, (message,))[0]

    def ngettext(self, language: Language) -> Callable[[str, str, int], str]:
        """Return what translates messages with a number; English and Spanish have the same two forms."""
        messages = self._catalogues.get(language, {})
        return lambda one, more, number: messages.get(one, (one, more))[0 if number == 1 else -1]

    def render(self, template: str, page: Page, **content: object) -> str:
        """Return a page's HTML."""
        language = page.language
        if language not in self._environments:
            self._environments[language] = self._environment(language)
        html = self._environments[language].get_template(template)
        return f"{html.render(content, page=page, structured_data=Markup())}\n"

    def of_session(self, details: Snapshot, language: Language) -> Page:
        """Return the page of a session itself, for a form that is shown again."""
        words = details.words[language]
        return Page(
            url=details.paths[language],
            language=language,
            title=session_title(details, language),
            description=f"{words.when}. {details.session.training.summary.text(language)}",
            section="schedule",
            alternates=tuple((one, details.paths[one]) for one in LANGUAGES),
            crumbs=self._crumbs(language),
        )

    def of_one(
        self, title: str, language: Language, details: Snapshot | None = None, description: str = ""
    ) -> Page:
        """Return a page of the function's own, below that of a session if it is about one; texts are English.

        It is the same page in the other language by `?lang=` alone, so that no token is written into it.
        """
        gettext = self.gettext(language)
        title = gettext(title)
        crumbs: tuple[Link, ...] = ()
        url = address("/schedule/", language)
        if details is not None:
            url = details.paths[language]
            crumbs = (*self._crumbs(language), Link(session_title(details, language), url))
        return Page(
            url=url,
            language=language,
            title=title,
            description=gettext(description) if description else title,
            section="schedule" if details is not None else "none",
            alternates=tuple((one, f"?lang={one}") for one in LANGUAGES),
            crumbs=crumbs,
        )

    def _crumbs(self, language: Language) -> tuple[Link, ...]:
        gettext = self.gettext(language)
        return (
            Link(gettext("Home"), address("/", language)),
            Link(gettext("Schedule"), address("/schedule/", language)),
        )

    def _environment(self, language: Language) -> Environment:
        from jinja2 import Environment, FileSystemLoader

        # The same options as JINJA_ENVIRONMENT of the site's generator (pelicanconf.py).
        environment = Environment(
            loader=FileSystemLoader(self._templates),
            extensions=["jinja2.ext.i18n"],
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        gettext = self.gettext(language)
        environment.globals.update(
            {
                "site": self._site,
                "_": gettext,
                "gettext": gettext,
                "ngettext": self.ngettext(language),
                "text": partial(_text, language=language),
                "lang_attr": partial(_lang_attr, language=language),
                "url": partial(address, language=language),
                "roles": signup.ROLES,
            }
        )
        return environment


def session_title(details: Snapshot, language: Language) -> str:
    """Return the title of a session's page: "CA MSIX Overview, Thursday, December 3".

    The day comes without its year, and the first one of several, out of the words that the schedule has
    for it: the function has no CLDR to make others.
    """
    words = details.words[language]
    year = details.session.period.first_day.year
    if language is Language.ENGLISH:
        day = words.day.split(", to ")[0].removesuffix(f", {year}")
    else:
        day = words.day.removeprefix("del ").split(" al ")[0].removesuffix(f" de {year}")
    return f"{words.title}, {day}"


def _text(localized: Localized[Any], language: Language) -> Any:
    return localized.text(language)


def _lang_attr(of: Localized[Any] | Language | None, language: Language) -> Markup:
    """Return ` lang="…"` for a text in another language than its page's, else nothing."""
    own = of.language(language) if isinstance(of, Localized) else of
    return Markup() if own is None or own is language else Markup(' lang="{}"').format(own.value)
