# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the pictures in texts: they are there, and say in words what they show."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from plugins.trainings.problems import did_you_mean

_SOURCE = re.compile(r"(?:(?:\.\./)?|/(?:content/)?)images/([^/]+)")


def picture_name(source: str) -> str | None:
    """Return the name of the picture in content/images/ that a text means; None if it means something else."""
    found = _SOURCE.fullmatch(unquote(source))
    return found[1] if found else None


def check_picture(source: str, words: str, pictures: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a picture of a text, and how to write it."""
    name = picture_name(source)
    if name is None:
        yield (
            f'the picture "{source}" is not in content/images/',
            'put it there, and write "![what it shows](/images/name.jpg)"',
        )
    elif name not in pictures:
        hint = did_you_mean(name, pictures) or "put it there"
        yield f"there is no picture content/images/{name}", hint
    place = source if name else f"/images/{source.rpartition('/')[2]}"
    shown = f'write "![what it shows]({place})"'
    if not words.strip():
        yield f'the picture "{source}" says nothing to people who do not see it', shown
    elif _is_name(words, source):
        yield f'"{words}" is the name of a file, and says nothing to people who do not see the picture', shown


def _is_name(words: str, source: str) -> bool:
    file = unquote(source).rpartition("/")[2]
    same = re.sub(r"[\W_]+", "", words).lower() in {
        re.sub(r"[\W_]+", "", one).lower() for one in (file, file.rpartition(".")[0])
    }
    camera = re.fullmatch(
        r"(?:img|image|dsc|dscn|pxl|photo|picture|screenshot)?[\W_]*\d[\d\W_]*(?:\.\w+)?", words.lower()
    )
    return bool(same or camera or re.fullmatch(r"\S+\.(?:jpe?g|png|webp|gif|heic)", words.lower()))
