# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key `Materials` of trainings and sessions: what people who had a seat find on their own page afterward."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from plugins.trainings import values
from plugins.trainings.keys import Words, optional_translated
from plugins.trainings.problems import BadValue
from schedule.materials import Material

_LINK = re.compile(r"(?:[-*] )?\[(?P<title>[^\[\]]+)\]\((?P<url>\S+)\)")
_HOW = 'as in "[Slides](https://example.org/slides.pdf)", one per line'


def _materials(value: str) -> tuple[Material, ...]:
    # Recordings lie at the services that meetings are held with: no page of the site shows these links.
    return tuple(_material(line.strip()) for line in value.split("\n"))


def _material(line: str) -> Material:
    found = _LINK.fullmatch(line)
    title, url = (found["title"].strip(), found["url"]) if found else (line, line)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not title or "." not in host or parts.scheme not in {"http", "https"} or " " in url:
        raise BadValue(f'"{line}" is no link', _HOW)
    return Material(title, url)


MATERIALS = optional_translated(
    "Materials",
    values.ValueKind(
        values.Form.LINES,
        "one per line, indented, as `[Slides](https://example.org/slides.pdf)`",
        _materials,
        example="[Slides](https://example.org/slides.pdf)",
    ),
    en=Words(
        "Materials",
        "Links to slides, handouts or a recording. People who had a seat see them on their own page after the session.",
    ),
    es=Words(
        "Materiales",
        "Enlaces a las diapositivas, los folletos o la grabación. Después de la sesión, quienes tenían lugar los ven "
        "en su propia página.",
    ),
)
