# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page knows of itself and of its site; build/site.json, by which the site tells the function of it.

The pages of both wings are made from the same templates, so these are the things that the templates name.
A reader of one version of site.json refuses every other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from schedule.model import LANGUAGES, Language
from schedule.walltime import ScheduleError

SITE_VERSION = 3

Json = dict[str, Any]
_T = TypeVar("_T")


class UnreadableSite(ScheduleError):
    """A site.json that this version cannot read; `key` is what is wrong in it."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(
            f'"{key}" {problem}; build the site anew with this version of the program: make html, or make publish'
        )
        self.key = key


@dataclass(frozen=True, slots=True)
class Link:
    """A titled address on this site; `language` is that of the title where it is not the page's."""

    title: str
    url: str
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What every template knows of its own page (`page`)."""

    url: str
    """Printed at the page's foot: never one with a token in it."""
    language: Language
    title: str
    description: str
    section: str
    """Which entry of the navigation it belongs to: home, trainings, schedule, parents, contacts or none.

    Or `staff`, for the pages of the staff desk, which have another navigation, and no script.
    """
    alternates: tuple[tuple[Language, str], ...]
    """The address of this page in each language, itself included; none for a page in all languages."""
    name: str = ""
    """What it is called in short, as the last of the breadcrumbs, where its title is longer."""
    crumbs: tuple[Link, ...] = ()
    """The pages above it, from the home page down; the page itself is not among them."""
    feeds: tuple[Link, ...] = ()
    """The calendars of what this page is about."""
    indexed: bool = True
    """Whether search engines may show it."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one language: English message ids and what stands for them (one, or singular and plural)."""

    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def gettext(self, message: str) -> str:
        """Return the translation; the message itself where there is none (English needs none)."""
        return self.messages.get(message, (message,))[0]

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form for a number; English and Spanish have the same two."""
        return self.messages.get(singular, (singular, plural))[0 if number == 1 else -1]


@dataclass(frozen=True, slots=True)
class Site:
    """What every template knows of the site (`site`)."""

    url: str
    """The public address, without a slash at its end."""
    sample: bool
    """Whether the sessions are examples."""
    sign_up: bool
    """Whether people sign up on the site; if not, its pages say who to call, and no function runs beside it."""
    assets: Mapping[str, str]
    """Addresses of the theme's static files by their plain names: `site.css` → `/theme/site.1f2e3d.css`."""
    support_name: Mapping[Language, str]
    support_phone: str
    support_extension: str | None
    support_uri: str
    retention_days: int
    """How long what people told us is kept after their session."""
    organizations: tuple[str, ...]
    """The names that the sign-up form offers; others may be typed."""
    catalogues: Mapping[Language, Catalogue]
    editor: bool
    """Whether the content can be edited in a browser, at the editor's address."""


def to_json(site: Site) -> Json:
    """Return a site as JSON data."""
    return {
        "schema_version": SITE_VERSION,
        "url": site.url,
        "sample": site.sample,
        "sign_up": site.sign_up,
        "assets": dict(site.assets),
        "support_name": {language.value: site.support_name[language] for language in LANGUAGES},
        "support_phone": site.support_phone,
        "support_extension": site.support_extension,
        "support_uri": site.support_uri,
        "retention_days": site.retention_days,
        "organizations": list(site.organizations),
        "catalogues": {language.value: dict(site.catalogues[language].messages) for language in LANGUAGES},
        "editor": site.editor,
    }


def from_json(data: object) -> Site:
    """Read a site back. Raises UnreadableSite for another version, a missing key or a value of another type."""
    site: Json = data if isinstance(data, dict) else {}
    version = _value(site, "schema_version", int)
    if version != SITE_VERSION:
        raise UnreadableSite("schema_version", f"is {version}, and this program reads {SITE_VERSION}")
    assets, names = _value(site, "assets", dict), _value(site, "support_name", dict)
    catalogues = _value(site, "catalogues", dict)
    extension = "support_extension"
    return Site(
        url=_value(site, "url", str),
        sample=_value(site, "sample", bool),
        sign_up=_value(site, "sign_up", bool),
        assets={name: _value(assets, name, str, "assets") for name in assets},
        support_name={language: _value(names, language, str, "support_name") for language in LANGUAGES},
        support_phone=_value(site, "support_phone", str),
        support_extension=None if site.get(extension, "") is None else _value(site, extension, str),
        support_uri=_value(site, "support_uri", str),
        retention_days=_value(site, "retention_days", int),
        organizations=_texts(site, "organizations"),
        catalogues={
            language: _catalogue(_value(catalogues, language, dict, "catalogues"), language)
            for language in LANGUAGES
        },
        editor=_value(site, "editor", bool),
    )


def _catalogue(messages: Json, language: Language) -> Catalogue:
    """Read a catalogue; each message has one or more forms."""
    within = f"catalogues.{language}"
    forms = {message: _texts(messages, message, within) for message in messages}
    for message, texts in forms.items():
        if not texts:
            raise UnreadableSite(f"{within}.{message}", "is not a list of texts")
    return Catalogue(forms)


def _texts(data: Json, key: str, within: str = "") -> tuple[str, ...]:
    texts = _value(data, key, list, within)
    if any(type(text) is not str for text in texts):
        raise UnreadableSite(f"{within}.{key}" if within else key, "is not a list of texts")
    return tuple(texts)


_KINDS: Mapping[type[object], str] = {
    bool: "true or false",
    dict: "an object",
    float: "a fraction",
    int: "a whole number",
    list: "a list",
    str: "a text",
    type(None): "null",
}
"""What JSON calls a value of each type."""


def _value(data: Json, key: str, kind: type[_T], within: str = "") -> _T:
    """Return a value of a JSON object, which has to be there and of one type."""
    name = f"{within}.{key}" if within else key
    if key not in data:
        raise UnreadableSite(name, "is missing")
    value = data[key]
    if type(value) is not kind:  # true is an int, too
        raise UnreadableSite(name, f"is {_KINDS[type(value)]}, not {_KINDS[kind]}")
    return value
