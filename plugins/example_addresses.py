# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses that are for examples alone (RFC 2606 §3): nobody reads what is sent there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

EXAMPLE = re.compile(rb"[@/.]example\.(?:org|com|net)\b")

_BEFORE = re.compile(rb"[\w.+@-]{0,40}$")
"""What stands before it in an address."""

_READ = frozenset({".html", ".ics", ".vcf", ".xml", ".txt"})
"""The ends of files that people and programs read addresses in."""


def example_in(path: str, site_url: str, data: bytes) -> str | None:
    """Return what to say of a file that names such an address, other than that of the site itself."""
    if PurePosixPath(path).suffix not in _READ:
        return None
    text = data.replace(b"\r\n ", b"")  # unfolded: RFC 5545 §3.1
    if b"example." not in text:
        return None
    text = text.replace(urlsplit(site_url).netloc.encode(), b"")
    found = EXAMPLE.search(text)
    if not found:
        return None
    before = _BEFORE.search(text[: found.start()][-40:])
    named = (before[0] if before else b"") + found[0]
    return (
        f'"{named.decode().lstrip("/")}" is for examples alone; look for it in content/, '
        "and give an address of your own"
    )
