# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real content as a site, built as all builds are."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from plugins.build import Builder
from plugins.page_parser import Parsed, parse
from schedule.site import Site, from_json
from tests.support.constants import BUILD_DATE, ROOT, SITE_URL


@dataclass(frozen=True)
class BuiltSite:
    """A finished build: the public folder and the private one."""

    output: Path
    private: Path

    def read(self, path: str) -> str:
        """Return a file of the site as text; an address that ends in / is its page."""
        return (self.output / f"{path.lstrip('/')}{'index.html' if path.endswith('/') else ''}").read_text()

    @cached_property
    def files(self) -> dict[str, bytes]:
        """All files of the site by their paths."""
        files = (file for file in sorted(self.output.rglob("*")) if file.is_file())
        return {file.relative_to(self.output).as_posix(): file.read_bytes() for file in files}

    @cached_property
    def told(self) -> Site:
        """What the function is told of the site."""
        return from_json(json.loads((self.private / "site.json").read_bytes()))

    @cached_property
    def pages(self) -> dict[str, Parsed]:
        """All pages, taken apart, by their addresses."""
        pages = (parse(path, data.decode()) for path, data in self.files.items() if path.endswith(".html"))
        return {page.url: page for page in pages}


@cache
def kept() -> Path:
    """Return a folder in which builds of this process keep what the next need not make again."""
    folder = Path(tempfile.mkdtemp(prefix="kept-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def build(folder: Path, **overrides: object) -> BuiltSite:
    """Build the real content into a folder, on the day that all tests agree on; what other builds made is not made anew."""
    settings = {
        "SITEURL": SITE_URL,
        "BUILD_DATE": BUILD_DATE,
        "OUTPUT_PATH": str(folder / "output"),
        "BUILD_PATH": str(folder / "build"),
        **overrides,
    }
    builder = Builder(ROOT / "pelicanconf.py", settings, cache=kept())
    builder.build()
    return BuiltSite(builder.output, builder.private)
