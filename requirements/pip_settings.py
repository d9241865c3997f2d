# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells uv where pip is configured to find packages: uv reads none of pip's settings."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

_SECTIONS = ("global", "install", ":env:")
"""Where pip takes a setting of `pip install` from; the last one that has it goes."""

_LINE = re.compile(rf"({'|'.join(_SECTIONS)})\.([a-z-]+)=(.+)")


class ForUv(NamedTuple):
    """What uv is started with: options, and the whole environment."""

    options: list[str]
    environment: dict[str, str]


def listed() -> str:
    """Return what `pip config list` says: files and environment variables alike, one setting a line."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def parsed(listing: str) -> dict[str, str]:
    """Return pip's settings by their names; empty ones count as not there, as for pip."""
    found: dict[tuple[str, str], str] = {}
    for line in listing.splitlines():
        if match := _LINE.fullmatch(line):
            section, name, value = match.groups()
            found[section, name] = str(ast.literal_eval(value)).strip()
    return {
        name: value
        for wanted in _SECTIONS
        for (section, name), value in found.items()
        if section == wanted and value
    }


def for_uv(settings: Mapping[str, str], environment: Mapping[str, str]) -> ForUv:
    """Return how uv finds packages where pip does.

    By variables, since addresses may hold passwords, which nobody should see in the list of processes. What is
    set for uv itself stays.
    """
    no_index = settings.get("no-index", "").lower() in {"1", "true", "yes", "on", "y", "t"}
    found = {
        "UV_FIND_LINKS": ",".join(settings.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(settings.get("trusted-host", "").split()),
        "SSL_CERT_FILE": settings.get("cert", ""),
        "SSL_CLIENT_CERT": settings.get("client-cert", ""),
        "ALL_PROXY": settings.get("proxy", ""),
    }
    if not no_index:
        found |= {
            "UV_DEFAULT_INDEX": settings.get("index-url", ""),
            "UV_INDEX": " ".join(settings.get("extra-index-url", "").split()),
            # As pip does, look for a version in every index; a file of another origin has another hash.
            "UV_INDEX_STRATEGY": "unsafe-best-match",
        }
    given = {name: value for name, value in found.items() if value}
    return ForUv(["--no-index"] if no_index else [], {**given, **environment})
