# SPDX-License-Identifier: AGPL-3.0-or-later
"""The theme's static files: put together, minified, named by their bytes so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rcssmin import cssmin
from rjsmin import jsmin

from plugins.trainings.problems import SiteError
from schedule.leftovers import is_leftover

_IMPORT = re.compile(r'^import (?:[^"\n]* from )?"(\./[^"\n]+)";\n', re.MULTILINE)
_URL = re.compile(r"url\(([^():]+)\)")
_STYLE_IMPORT = re.compile(r'^@import "(\./[^"\n]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |function |class )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is published: `name` in the theme, `path` below the output."""

    name: str
    path: str
    data: bytes


def assets(static: Path, site_url: str, without: Collection[str] = ()) -> tuple[Asset, ...]:
    """Read the files of a theme's static folder; its subfolders hold what these import.

    Scripts come without the parts that `without` names, as `parts/rows.js`.

    A style holds the parts that it imports. Its `url(NAME)` becomes the published name of that file beside it, and
    `{site}` becomes its host's address, with which links on paper begin.
    """
    url = urlsplit(site_url)
    origin = f"{url.scheme}://{url.netloc}"  # an address on a page has the folder already
    files = [file for file in sorted(static.iterdir()) if file.is_file() and not is_leftover(file)]
    left_out = {(static / part).resolve() for part in without}
    others = [_asset(file, _read(file, left_out)) for file in files if file.suffix != ".css"]
    names = {asset.name: asset.path.rpartition("/")[2] for asset in others}
    styles = [_asset(file, _style(file, names, origin)) for file in files if file.suffix == ".css"]
    return tuple(sorted((*others, *styles), key=lambda asset: asset.name))


def _asset(file: Path, data: bytes) -> Asset:
    digest = hashlib.sha256(data).hexdigest()[:10]
    return Asset(file.name, f"theme/{file.stem}.{digest}{file.suffix}", data)


def _read(file: Path, left_out: set[Path]) -> bytes:
    return jsmin(_bundle(file, left_out.copy())).encode() if file.suffix == ".js" else file.read_bytes()


def _style(file: Path, names: Mapping[str, str], origin: str) -> bytes:
    def published(found: re.Match[str]) -> str:
        if found[1] not in names:
            raise SiteError(f"{file}: {found[0]} names a file that is not in {file.parent}; add it there")
        return f"url({names[found[1]]})"

    text = _STYLE_IMPORT.sub(lambda part: (file.parent / part[1]).read_text("utf-8"), file.read_text("utf-8"))
    style: str = cssmin(_URL.sub(published, text).replace("{site}", origin))
    return style.encode()


def _bundle(file: Path, seen: set[Path]) -> str:
    """Return a module with the modules that it imports (ECMA-262, 16.2.2) put in their places, each one once.

    All of them then share one scope, so no two may give the same name to different things.
    """
    if file in seen:
        return ""
    seen.add(file)
    text = _IMPORT.sub(
        lambda found: _bundle((file.parent / found[1]).resolve(), seen), file.read_text("utf-8")
    )
    return _EXPORT.sub("", text)
