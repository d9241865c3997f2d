# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of a built site: pure functions from files to messages; `python -m plugins.page_checks OUTPUT`.

As a plugin (publishconf.py) it stops a build whose pages do not pass.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from plugins.calendar_checks import check_calendars
from plugins.example_addresses import examples_in
from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.problems import SiteError
from schedule.addresses import FUNCTION, Addresses
from schedule.model import LANGUAGES
from schedule.site import from_json

# What a browser fetches by itself, or sends a form to.
_FETCHED = {"src", "srcset", "poster", "data", "action", "formaction"}
_FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "preconnect", "dns-prefetch"}


class PagesNotGood(SiteError):
    """Some pages of a build break a rule; the message lists them."""


# The editor's pages are a program's, which makes all that is on them.
_EDITOR = frozenset(
    addresses.file(addresses.editor) for addresses in (Addresses("", language) for language in LANGUAGES)
)


@dataclass
class Parsed:
    """What the checks look at in a page."""

    path: str
    folder: str = ""
    """The folder of its host that the site stands in, as `/msix`."""
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    title: str = ""
    labelled: list[dict[str, str]] = field(default_factory=list)
    """What stands within a label."""

    def all(self, *tags: str) -> Iterator[dict[str, str]]:
        """Yield the attributes of all elements with one of these names."""
        return (attributes for tag, attributes in self.elements if tag in tags)

    @property
    def ids(self) -> list[str]:
        """All ids, in the page's order."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def url(self) -> str:
        """The page's address on its host."""
        return f"{self.folder}/{self.path.removesuffix('index.html')}"

    @property
    def alternates(self) -> dict[str, str]:
        """The address of each language's page, by hreflang."""
        links = (link for link in self.all("link") if "hreflang" in link)
        return {link["hreflang"]: link.get("href", "") for link in links if link.get("rel") == "alternate"}


class _Parser(HTMLParser):
    def __init__(self, path: str, folder: str) -> None:
        super().__init__()
        self.page = Parsed(path, folder)
        self._in_title = False
        self._labels = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.page.elements.append((tag, attributes))
        self._labels += tag == "label"
        if self._labels:
            self.page.labelled.append(attributes)
        # An SVG has titles of its own.
        self._in_title = tag == "title" and not self.page.title

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        self._labels -= tag == "label"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page.title += data.strip()


def parse(path: str, html: str, folder: str = "") -> Parsed:
    """Take a page apart; `path` is that of its file below the output, `folder` the site's on its host."""
    parser = _Parser(path, folder)
    parser.feed(html)
    parser.close()
    return parser.page


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
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    if levels.count(1) != 1:
        yield f"has {levels.count(1)} h1"
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            yield f"h{after} follows h{before}"
    for name, count in Counter(page.ids).items():
        if count > 1:
            yield f'the id "{name}" stands {count} times'
    labelled = {label["for"] for label in page.all("label") if "for" in label}
    for control in page.all("input", "select", "textarea"):
        # What the keyboard cannot reach is the trap for machines.
        if (
            control.get("type") != "hidden"
            and control.get("tabindex") != "-1"
            and control.get("id") not in labelled
            and not any(control is one for one in page.labelled)
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


def _is_fetched(link: dict[str, str]) -> bool:
    return not _FETCHED_LINKS.isdisjoint(link.get("rel", "").split())


def check_links(
    page: Parsed, pages: Mapping[str, Parsed], files: frozenset[str], *, sign_up: bool
) -> Iterator[str]:
    """Every link within the site leads to a file, or to the function if there is one, and every fragment to an id."""
    for attributes in (*page.all("a"), *page.all("link")):
        href = attributes.get("href", "")
        target = urlsplit(urljoin(page.url, href))
        if target.scheme or target.netloc:
            continue
        if sign_up and target.path.startswith(f"{page.folder}{FUNCTION}"):
            continue
        path = _file(unquote(target.path), page)
        if path not in files:
            yield f"the link {href} leads nowhere"
        elif target.fragment and path in pages and target.fragment not in pages[path].ids:
            yield f"the link {href} leads to no id"


def _file(address: str, page: Parsed) -> str:
    """Return the file at an address that a page of the site names; outside of the site's folder there is none."""
    path = address.removeprefix(f"{page.folder}/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def check_languages(page: Parsed, pages: Mapping[str, Parsed]) -> Iterator[str]:
    """The alternates of a page name it, and each of them names the same ones."""
    alternates = page.alternates
    if not alternates:
        return
    own = next(page.all("html"), {}).get("lang", "")
    if urlsplit(alternates.get(own, "")).path != page.url:
        yield f"hreflang {own} is not this page"
    if "x-default" not in alternates:
        yield "hreflang x-default is missing"
    for language, href in alternates.items():
        alternate = pages.get(_file(urlsplit(href).path, page))
        if alternate is None:
            yield f"hreflang {language} leads nowhere: {href}"
        elif alternate.alternates != alternates:
            yield f"hreflang {language} is not mutual: {href}"


def check_secrets(files: Mapping[str, bytes], secrets: Iterable[str]) -> Iterator[str]:
    """No private link stands anywhere in what is published, as it is or as HTML and calendars write it."""
    wanted = list(secrets)
    for path, data in sorted(files.items()):
        text = data.decode(errors="replace")
        unfolded = re.sub(r"\\([,;])", r"\1", text.replace("\r\n ", ""))
        forms = (text, unescape(text), unfolded)
        if any(secret in form for secret in wanted for form in forms):
            yield f"{path}: holds the private link of a session"


def read_files(output: Path) -> dict[str, bytes]:
    """Return all files of a built site by their paths in it."""
    return {
        file.relative_to(output).as_posix(): file.read_bytes() for file in output.rglob("*") if file.is_file()
    }


def check_site(
    output: Path, secrets: Iterable[str] = (), folder: str = "", *, sign_up: bool = True
) -> list[str]:
    """Return all that is wrong with a built site (see check_files)."""
    return check_files(read_files(output), secrets, folder, sign_up=sign_up)


def check_files(
    files: Mapping[str, bytes], secrets: Iterable[str] = (), folder: str = "", *, sign_up: bool = True
) -> list[str]:
    """Return all that is wrong with a site's files, each message with the path of its file.

    `folder` is the one of its host that the site stands in, as `/msix`, empty at the root; `sign_up` says whether
    the sign-up function answers there.
    """
    pages = {
        path: parse(path, data.decode(), folder)
        for path, data in files.items()
        if path.endswith(".html") and path not in _EDITOR
    }
    names = frozenset(files)
    messages = [*check_secrets(files, secrets), *check_calendars(files)]
    for path, page in sorted(pages.items()):
        found = (
            *check_head(page),
            *check_structure(page),
            *check_policy(page),
            *check_links(page, pages, names, sign_up=sign_up),
            *check_languages(page, pages),
        )
        messages += [f"{path}: {message}" for message in dict.fromkeys(found)]
    return messages


def private_links(contract: Path) -> list[str]:
    """Return the private links in a schedule.json: the addresses, and the names of the secrets."""
    sessions = json.loads(contract.read_bytes())["sessions"]
    return [session["join_url"] for session in sessions if session["join_url"]]


def _check(generator: ScheduleGenerator) -> None:
    site, secrets = generator.site, generator.content.schedule.join_urls.values()
    files = {path: generator.files.read(path) for path in sorted(generator.files.paths)}
    messages = check_files(files, secrets, Addresses(site.url).folder, sign_up=site.sign_up)
    messages += examples_in(files, site.url)
    if messages:
        raise PagesNotGood("\n".join(messages))


def register() -> None:
    """Connect to the site's generator; last of PLUGINS, so that all files are there."""
    signals.site_written.connect(_check)


def main(arguments: list[str] | None = None) -> int:
    """Check a site from the command line; the exit status is 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m plugins.page_checks", description=__doc__)
    parser.add_argument("output", type=Path, help="the built site")
    parser.add_argument(
        "--private",
        type=Path,
        help="the folder with what its build tells the function",
    )
    options = parser.parse_args(arguments)
    if options.private:
        site = from_json(json.loads((options.private / "site.json").read_bytes()))
        secrets = private_links(options.private / "schedule.json") if site.sign_up else []
        messages = check_site(options.output, secrets, Addresses(site.url).folder, sign_up=site.sign_up)
    else:
        messages = check_site(options.output)
    print("\n".join(messages), file=sys.stderr, end="\n" if messages else "")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
