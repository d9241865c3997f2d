# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures of `content/images/`, made small for the web: WebP in three widths, without what a camera notes."""

from __future__ import annotations

import hashlib
import os
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.trainings.problems import BadValue

if TYPE_CHECKING:
    from PIL import Image

WIDTHS = (480, 960, 1600)
MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
RECIPE = "1"
"""Changes whenever the same picture is to come out otherwise."""

_SMALLER = "make it smaller, 1600 pixels wide for example"


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture in one width: its path below the built site, and the file that it is copied from."""

    width: int
    path: str
    file: Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as pages show it: the size of its widest rendition, and all of them, the narrowest first.

    One that cannot be shown has none, and no page is made of it.
    """

    name: str
    width: int
    height: int
    renditions: tuple[Rendition, ...]

    @property
    def address(self) -> str:
        """The address of the widest rendition, for browsers that take one and for links."""
        return f"/{self.renditions[-1].path if self.renditions else f'images/{self.name}'}"

    @property
    def srcset(self) -> str:
        """All renditions with their widths, for browsers to choose from."""
        return ", ".join(f"/{one.path} {one.width}w" for one in self.renditions)


def read_picture(file: Path, cache: Path) -> Picture:
    """Return a picture, its renditions made unless they are in `cache`. Raises BadValue for what cannot be shown."""
    data = _data(file)
    digest = hashlib.sha256(RECIPE.encode() + data).hexdigest()[:16]
    size = cache / f"{digest}.size"
    if not size.exists():
        image = _image(data)
        cache.mkdir(parents=True, exist_ok=True)
        for width in _widths(image.width):
            _write(_made(cache, digest, width), _webp(image, width))
        _write(size, f"{image.width} {image.height}".encode())
    whole, high = map(int, size.read_text().split())
    widths = _widths(whole)
    renditions = tuple(
        Rendition(
            width, f"images/{file.stem.lower()}.{digest[:10]}-{width}.webp", _made(cache, digest, width)
        )
        for width in widths
    )
    return Picture(file.name, widths[-1], _height(whole, high, widths[-1]), renditions)


def _data(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadValue("is larger than 10 MB", _SMALLER)
        return file.read_bytes()
    except OSError as error:
        raise BadValue(f"cannot be read: {error.strerror}", "save it again") from error


def _image(data: bytes) -> Image.Image:
    """Return the pixels as they are to be seen, upright and in the colors that browsers know."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    broken = BadValue("is no JPEG, PNG or WebP that can be read", "save the picture as one of these again")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit below is stricter than the library's own
            image = Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
            if image.width * image.height > MOST_PIXELS:
                raise BadValue("has more than 40 million pixels", _SMALLER)
            image.load()
            upright = ImageOps.exif_transpose(image)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except Image.DecompressionBombError as error:
        raise BadValue("has more than 40 million pixels", _SMALLER) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise broken from error


def _widths(whole: int) -> tuple[int, ...]:
    """Return the widths in which a picture is shown: none is wider than the picture."""
    return (*(width for width in WIDTHS if width < whole), min(whole, WIDTHS[-1]))[:3]


def _height(width: int, height: int, shown: int) -> int:
    return max(1, round(height * shown / width))


def _webp(image: Image.Image, width: int) -> bytes:
    """Return a picture in a width; nothing that its file said besides goes along."""
    out = BytesIO()
    small = image.resize((width, _height(image.width, image.height, width)))
    small.save(out, "WEBP", quality=80, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def _made(cache: Path, digest: str, width: int) -> Path:
    return cache / f"{digest}-{width}.webp"


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all: a build may be stopped at any time."""
    aside = file.with_name(f".{os.getpid()}-{file.name}")
    aside.write_bytes(data)
    aside.replace(file)
