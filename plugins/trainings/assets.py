# SPDX-License-Identifier: AGPL-3.0-or-later
"""The theme's static files: put together, minified, named by their bytes so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

from schedule.templates import is_leftover

_IMPORT = re.compile(r'^import (?:[^"\n]* from )?"(\./[^"\n]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |function |class )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is published: `name` in the theme, `path` below the output."""

    name: str
    path: str
    data: bytes


def assets(static: Path) -> tuple[Asset, ...]:
    """Read the files of a theme's static folder; its subfolders hold what these import."""
    files = (file for file in sorted(static.iterdir()) if file.is_file() and not is_leftover(file))
    return tuple(_asset(file) for file in files)


def _asset(file: Path) -> Asset:
    data = file.read_bytes()
    if file.suffix == ".css":
        data = cssmin(data)
    elif file.suffix == ".js":
        data = jsmin(_bundle(file, set())).encode()
    digest = hashlib.sha256(data).hexdigest()[:10]
    return Asset(file.name, f"theme/{file.stem}.{digest}{file.suffix}", data)


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
