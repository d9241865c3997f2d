# SPDX-License-Identifier: AGPL-3.0-or-later
"""The theme's static files: minified, and named by what is in them so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it is published: `name` in the theme, `path` below the output."""

    name: str
    path: str
    data: bytes


def assets(static: Path) -> tuple[Asset, ...]:
    """Read the files of a theme's static folder."""
    return tuple(_asset(file) for file in sorted(static.iterdir()) if file.is_file())


def _asset(file: Path) -> Asset:
    data = file.read_bytes()
    if file.suffix == ".css":
        data = cssmin(data)
    elif file.suffix == ".js":
        data = jsmin(data)
    digest = hashlib.sha256(data).hexdigest()[:10]
    return Asset(file.name, f"theme/{file.stem}.{digest}{file.suffix}", data)
