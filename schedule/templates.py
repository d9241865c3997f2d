# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the theme's templates are read, and the names that those of pages share; for both wings and for email.

It loads Jinja, so the function loads it with the first page: the answer to a good form shows none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from schedule import signup
from schedule.addresses import Addresses
from schedule.model import Language, Localized
from schedule.sign_up_state import SignUpState
from schedule.site import Page, Site

PLAIN_TEXT = ".txt"
"""How the names of templates end in which nothing is escaped."""

NO_DATA = Markup()

KEPT = 200
"""How many parts of pages `once` keeps in each language, such as menus and forms; a build of the site keeps all."""


def environment(theme: Path, compiled: MutableMapping[str, bytes] | None = None) -> Environment:
    """Return the templates of a theme. A name that a template is not given is an error, and no empty text.

    What is `compiled` already is taken from there, and what is compiled now is put there, to be kept.
    """
    return _Templates(
        loader=FileSystemLoader(theme / "templates"),
        extensions=("jinja2.ext.i18n",),
        undefined=StrictUndefined,
        autoescape=_is_escaped,  # a function, which turns it off for plain text alone
        trim_blocks=True,
        lstrip_blocks=True,
        # What changes a template makes its environment anew; nothing else has to look at its files again.
        auto_reload=False,
        bytecode_cache=_Compiled({} if compiled is None else compiled),
    )


def with_names(templates: Environment, names: Any) -> Environment:
    """Return the same templates, compiled once for all, with names (a dataclass) that macros see, too."""
    named = templates.overlay()
    named.globals = names_of(names)
    return named


def _is_escaped(template: str | None) -> bool:
    return template is None or not template.endswith(PLAIN_TEXT)


class _Templates(Environment):
    """Templates that have no global names but those of their environment."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's names themselves: Jinja's view of them is slow, and each import looks through it."""
        return super().make_globals(d) if d else self.globals


class _Compiled(BytecodeCache):
    """What an environment and those made from it have compiled, and what was `kept` of others."""

    def __init__(self, kept: MutableMapping[str, bytes]) -> None:
        self._code: dict[str, CodeType | None] = {}
        self._kept = kept

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key not in self._code and bucket.key in self._kept:
            bucket.bytecode_from_string(
                self._kept[bucket.key]
            )  # Jinja takes it if its source is still the same
            self._code[bucket.key] = bucket.code
        bucket.code = self._code.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.code
        self._kept[bucket.key] = bucket.bytecode_to_string()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What a page's template is given; each template has a context of its own, whose fields are its names."""

    template: ClassVar[str]
    page: Page
    structured_data: Markup = NO_DATA


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNames:
    """What all templates of pages may use besides, macros too, in one language."""

    site: Site
    addresses: Addresses
    _: Callable[[str], str]
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    text: Callable[[Localized[Any]], Any]
    """Gives a text in the page's language."""
    lang_attr: Callable[[Localized[Any] | Language | None], Markup]
    """Gives ` lang="…"` for a text in another language than its page's, else nothing."""
    roles: Mapping[str, str]
    SignUpState: type[SignUpState]
    once: Callable[..., Markup]
    """Gives what a macro makes of its arguments, made once for all pages: `once(menu, page.section)`."""


@dataclass(frozen=True, slots=True)
class Given:
    """The names that some templates are given, as dataclasses: one for each template, and what all of them share."""

    contexts: Mapping[str, type]
    """By template."""
    shared: type | None = None


def page_names(site: Site, language: Language) -> dict[str, Any]:
    """Return the names of PageNames, as its constructor and as templates take them."""
    catalogue = site.catalogues[language]
    return {
        "site": site,
        "addresses": Addresses(site.url, language),
        "_": catalogue.gettext,
        "gettext": catalogue.gettext,
        "ngettext": catalogue.ngettext,
        "text": partial(_text, language=language),
        "lang_attr": partial(_lang_attr, language=language),
        "roles": signup.ROLES,
        "SignUpState": SignUpState,
        # A text and Markup are equal, and yet not the same.
        "once": lru_cache(KEPT, typed=True)(_called),
    }


def names_of(context: Any) -> dict[str, Any]:
    """Return what a context (a dataclass) gives a template."""
    return {field.name: getattr(context, field.name) for field in fields(context)}


def render(templates: Environment, context: PageContext) -> str:
    """Return a page's HTML."""
    return f"{templates.get_template(context.template).render(names_of(context))}\n"


def _called(macro: Callable[..., Markup], *arguments: Any) -> Markup:
    return macro(*arguments)


def _text(localized: Localized[Any], language: Language) -> Any:
    return localized.text(language)


def _lang_attr(of: Localized[Any] | Language | None, language: Language) -> Markup:
    own = of.language(language) if isinstance(of, Localized) else of
    return Markup() if own is None or own is language else Markup(' lang="{}"').format(own.value)
