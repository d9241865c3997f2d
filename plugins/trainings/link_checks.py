# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the links in texts: each leads somewhere, and to a page in the text's own language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from plugins.trainings.markup import Renderer
from plugins.trainings.picture_checks import picture_name
from plugins.trainings.problems import BadValue, ContentProblem, did_you_mean
from plugins.trainings.targets import PageTarget, Targets
from schedule.model import Language


@dataclass(frozen=True, slots=True)
class LinkChecks:
    """Checks the links of a text that stands at an address, in a language."""

    targets: Targets
    renderer: Renderer
    address: str
    language: Language
    site_url: str

    def problems(self, path: str, links: Iterable[tuple[str, int]]) -> Iterator[ContentProblem]:
        """Yield what is wrong with the links of a file, each with its line."""
        for href, line in links:
            for message, hint in self.check(href):
                yield ContentProblem(path, line, None, message, hint)

    def check(self, href: str) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a link, and one that works."""
        try:
            parts = urlsplit(href)
            host = parts.hostname or ""
        except ValueError:
            yield f'the link "{href}" is no address', 'as in "[MSIX](https://example.org/page)"'
            return
        path, is_ours = self._on_site(parts)
        if not href:
            yield "a link has no address", 'as in "[the glossary](/words/)"'
        elif parts.scheme in {"http", "https"} and not is_ours:
            if "." not in host and host != "localhost":
                yield f'the link "{href}" is no address', 'as in "[MSIX](https://example.org/page)"'
        elif parts.scheme == "mailto":
            if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", unquote(parts.path)):
                yield f'the link "{href}" is no email address', 'as in "<name@example.org>"'
        elif parts.scheme == "tel":
            if not re.fullmatch(r"\+?[\d().,-]{3,}", parts.path):
                yield (
                    f'the link "{href}" is no telephone number',
                    'as in "[(530) 666-1977](tel:+15306661977)"',
                )
        elif parts.scheme not in {"", "http", "https"}:
            yield (
                f'the link "{href}" is no address',
                'begin it with "https://", or with "/" for a page of the site',
            )
        elif not is_ours:
            yield f'the link "{href}" has no "https:" before it', f'write "https:{href}"'
        else:
            yield from self._within(href, unquote(path), unquote(parts.fragment))

    def _on_site(self, parts: SplitResult) -> tuple[str, bool]:
        """Return the path of a link as writers give it, from the home page on, and whether it is within the site."""
        own = urlsplit(self.site_url)
        if not parts.netloc:
            return parts.path, not parts.scheme
        is_ours = parts.netloc == own.netloc and f"{parts.path}/".startswith(f"{own.path}/")
        return f"/{parts.path.removeprefix(own.path).lstrip('/')}", is_ours

    def _within(self, href: str, path: str, fragment: str) -> Iterator[tuple[str, str]]:
        if path.endswith(".md"):
            address = self.targets.source(path, self.language)
            hint = f'write "{address}"' if address else 'write the page\'s address, as in "/words/"'
            yield f'the link "{href}" leads to a file, not to a page', hint
            return
        if name := picture_name(path):
            if name not in self.renderer.pictures:
                yield f"there is no picture content/images/{name}", "put it there"
            return
        if not path and self.address not in self.targets.pages:
            return  # the page could not be made, for reasons that are told elsewhere
        whole = urljoin(self.address, path) if path else self.address
        spanish = f"/es{whole}"
        if not self.targets.leads_somewhere(whole):
            yield f'the link "{href}" leads nowhere', self._meant(path, whole)
        elif self.language is Language.SPANISH and self.targets.has(spanish):
            yield (
                f'the link "{href}" leads to the English page',
                f'write "{spanish}{"#" + fragment if fragment else ""}"',
            )
        elif fragment and whole in self.targets.pages:
            yield from self._fragment(href, fragment, self.targets.pages[whole])

    def _meant(self, written: str, path: str) -> str:
        if not written.startswith(
            "/"
        ):  # who leaves out the slash means the whole site, not what is below this page
            root = "/es/" if self.language is Language.SPANISH else "/"
            written = written.removeprefix("./").removeprefix("es/")
            if self.targets.nearby(f"{root}{written}"):
                path = f"{root}{written}"
        known = [one for one in self.targets.pages if one.startswith("/es/") is path.startswith("/es/")]
        near = self.targets.nearby(path)
        return f'write "{near}"' if near else did_you_mean(path, known) or 'as in "/schedule/"'

    def _fragment(self, href: str, fragment: str, page: PageTarget) -> Iterator[tuple[str, str]]:
        if re.fullmatch(page.ids or "main", fragment) or fragment == "main":
            return
        try:
            ids = re.findall(r' id="([^"]+)"', self.renderer(page.text))
        except BadValue:
            return  # told where the text itself is checked
        if fragment not in ids:
            hint = did_you_mean(fragment, ids) or (
                f"there are: {', '.join(ids)}" if ids else "leave out the # and what follows"
            )
            yield f'the link "{href}" leads to no heading of that page', hint
