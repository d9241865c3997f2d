# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of the built site as they are uploaded: what each is, for how long it may be kept, and in which order."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path, PurePosixPath

from infra.deployment.errors import DeployError
from schedule.calendar_http import TYPE as CALENDAR

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".ics": CALENDAR,
    ".vcf": "text/vcard; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".yml": "application/yaml",
}
"""By how a name ends. Text says its charset, calendars too: without, some programs take them for Latin-1."""

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"

_HASHED = re.compile(r"\.[0-9a-f]{10}(?:-\d+)?\.[a-z0-9]+")
"""How names end that hold a hash of the bytes, as site.d22b4c089a.css and hall.0123456789-640.webp."""

FOR_OTHER_HOSTS = frozenset({"_headers", "_redirects"})
"""What only other hosts read."""


class Turn(IntEnum):
    """When a file is uploaded: what pages name is there before them."""

    HASHED = 0
    OTHERS = 1
    PAGES = 2


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file of the built site; `md5` is what S3 calls its ETag."""

    path: str
    file: Path
    md5: str
    content_type: str
    cache_control: str
    turn: Turn


def site_files(site: Path) -> list[SiteFile]:
    """Return all files of a built site, in the order in which they are uploaded. Raises DeployError."""
    found = [
        _site_file(site, file)
        for file in site.rglob("*")
        if file.is_file() and file.relative_to(site).as_posix() not in FOR_OTHER_HOSTS
    ]
    if not any(one.path == "index.html" for one in found):
        raise DeployError(f"{site} holds no site; run make publish, and look at what it says")
    return sorted(found, key=lambda one: (one.turn, one.path))


def _site_file(site: Path, file: Path) -> SiteFile:
    path = file.relative_to(site).as_posix()
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in TYPES:
        raise DeployError(
            f'{file}: nobody knows what "{suffix}" is; give the file another name, '
            "or add its type to infra/deployment/site_files.py"
        )
    hashed = is_hashed(path)
    return SiteFile(
        path,
        file,
        hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest(),
        TYPES[suffix],
        FOREVER if hashed else BRIEFLY,
        Turn.HASHED if hashed else Turn.PAGES if suffix == ".html" else Turn.OTHERS,
    )


def is_hashed(path: str) -> bool:
    """Say whether a file of another content would have another name."""
    return bool(_HASHED.search(PurePosixPath(path).name))
