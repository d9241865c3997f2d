# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold in a page by itself, and what other pages have to know of it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from plugins.page_parser import Parsed
from schedule.addresses import FUNCTION

# What a browser fetches by itself, or sends a form to.
_FETCHED = frozenset({"src", "srcset", "poster", "data", "action", "formaction"})
_FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "preconnect", "dns-prefetch"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""How an address begins that is whole by itself."""
_CONTROLS = frozenset({"input", "select", "textarea"})


class InnerLink(NamedTuple):
    """A link within the site, as a page writes it, and where it leads."""

    href: str
    file: str
    """The path of the file below the output."""
    fragment: str
    to_function: bool
    """Whether it is an address of the sign-up function, if there is one."""


class PageRecord(NamedTuple):
    """What was found in a page by itself, and what is compared with other pages."""

    ids: frozenset[str]
    faults: tuple[str, ...]
    links: tuple[InnerLink, ...]
    language_faults: tuple[str, ...]
    alternates: Mapping[str, str]
    """The address of each language's page, by hreflang."""


def record_of(page: Parsed) -> PageRecord:
    """Look at a page by itself."""
    return PageRecord(
        ids=frozenset(page.ids),
        faults=(*check_head(page), *check_structure(page), *check_policy(page)),
        links=tuple(dict.fromkeys(_links(page))),
        language_faults=tuple(_language_faults(page)),
        alternates=page.alternates,
    )


def check_head(page: Parsed) -> Iterator[str]:
    """Each page has a language, a title, a description and, if it may be indexed, an address of its own."""
    if not next(page.all("html"), {}).get("lang"):
        yield "html has no lang"
    if not page.title:
        yield "has no title"
    meta = {attributes.get("name"): attributes.get("content") for attributes in page.all("meta")}
    if "noindex" in (meta.get("robots") or ""):
        return
    if not meta.get("description"):
        yield "has no description"
    canonical = [link.get("href", "") for link in page.all("link") if link.get("rel") == "canonical"]
    if len(canonical) != 1 or urlsplit(canonical[0]).path != page.url:
        yield f"canonical is {canonical}, not {page.url}"


def check_structure(page: Parsed) -> Iterator[str]:
    """Each page has one h1, headings without gaps, unique ids, labelled fields and described pictures."""
    levels = [int(tag[1]) for tag, _ in page.elements if tag in _HEADINGS]
    if levels.count(1) != 1:
        yield f"has {levels.count(1)} h1"
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            yield f"h{after} follows h{before}"
    for name, count in Counter(page.ids).items():
        if count > 1:
            yield f'the id "{name}" stands {count} times'
    labels = {label["for"] for label in page.all("label") if "for" in label}
    for place, (tag, control) in enumerate(page.elements):
        # What the keyboard cannot reach is the trap for machines.
        if (
            tag in _CONTROLS
            and control.get("type") != "hidden"
            and control.get("tabindex") != "-1"
            and control.get("id") not in labels
            and place not in page.labelled
        ):
            yield f'the field "{control.get("name")}" has no label'
    for image in page.all("img"):
        if "alt" not in image:
            yield f'the picture "{image.get("src")}" has no alt'


def check_policy(page: Parsed) -> Iterator[str]:
    """Nothing inline that the content security policy forbids, and no request leaves the site."""
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            if name == "style" or name.startswith("on"):
                yield f"<{tag}> has the inline attribute {name}"
            fetched = name in _FETCHED or (tag == "link" and name == "href" and _is_fetched(attributes))
            if fetched and (urlsplit(value).netloc or urlsplit(value).scheme not in {"", "data"}):
                yield f"<{tag} {name}> asks another origin: {value}"


def _is_fetched(link: Mapping[str, str]) -> bool:
    return not _FETCHED_LINKS.isdisjoint(link.get("rel", "").split())


def _links(page: Parsed) -> Iterator[InnerLink]:
    for attributes in (*page.all("a"), *page.all("link")):
        href = attributes.get("href", "")
        if _SCHEME.match(href):
            continue
        # Most links begin at the root, and lead to the same place from every page.
        if link := _link("/" if href.startswith("/") else page.url, href, page.folder):
            yield link


@lru_cache(maxsize=4096)
def _link(base: str, href: str, folder: str) -> InnerLink | None:
    """Return a link that stays within the site's host; None for one that names another."""
    target = urlsplit(urljoin(base, href))
    if target.netloc:
        return None
    file = file_at(unquote(target.path), folder)
    return InnerLink(href, file, target.fragment, target.path.startswith(f"{folder}{FUNCTION}"))


def file_at(address: str, folder: str) -> str:
    """Return the file at an address that a page of the site names; outside of the site's folder there is none."""
    path = address.removeprefix(f"{folder}/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def _language_faults(page: Parsed) -> Iterator[str]:
    """A page is among its own alternates, and so is one for all other languages."""
    alternates = page.alternates
    if not alternates:
        return
    own = next(page.all("html"), {}).get("lang", "")
    if urlsplit(alternates.get(own, "")).path != page.url:
        yield f"hreflang {own} is not this page"
    if "x-default" not in alternates:
        yield "hreflang x-default is missing"
