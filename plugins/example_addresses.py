# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses that are for examples alone (RFC 2606 §3): nobody reads what is sent there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import urlsplit

EXAMPLE = re.compile(rb"[@/.]example\.(?:org|com|net)\b")

_BEFORE = re.compile(rb"[\w.+@-]{0,40}$")
"""What stands before it in an address."""

_READ = frozenset({".html", ".ics", ".vcf", ".xml", ".txt"})
"""The ends of files that people and programs read addresses in."""


def examples_in(files: Mapping[str, bytes], site_url: str) -> Iterator[str]:
    """Yield a message for each file that names such an address, other than that of the site itself."""
    own = urlsplit(site_url).netloc.encode()
    for path, data in sorted(files.items()):
        if PurePosixPath(path).suffix not in _READ:
            continue
        text = data.replace(b"\r\n ", b"").replace(own, b"")  # unfolded: RFC 5545 §3.1
        if found := EXAMPLE.search(text):
            before = _BEFORE.search(text[: found.start()][-40:])
            named = (before[0] if before else b"") + found[0]
            yield (
                f'{path}: "{named.decode().lstrip("/")}" is for examples alone; look for it in content/, '
                "and give an address of your own"
            )
