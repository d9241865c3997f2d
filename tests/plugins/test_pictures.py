# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures in texts: small, in three widths, with room kept for them, without what a camera notes; in emails a link."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from plugins.page_checks import check_site
from plugins.trainings.pictures import Picture, read_picture
from plugins.trainings.problems import BadValue
from schedule.model import Language
from tests.support.built_site import build
from tests.support.constants import SITE_URL
from tests.support.content import ContentFolder, copy_content
from tests.support.pictures import picture

PLACE = b"\x00\x00GPS-PLACE-38.67N"


def turned() -> bytes:
    """Return a picture that a phone took standing: its pixels lie, and a note says so, with the place besides."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = PLACE.decode("latin-1")
    return picture(size=(200, 100), exif=exif)


def opened(file: Path) -> Image.Image:
    return Image.open(BytesIO(file.read_bytes()))


def put(folder: ContentFolder, name: str, data: bytes) -> None:
    (folder.path / "images").mkdir(exist_ok=True)
    (folder.path / "images" / name).write_bytes(data)


def read(tmp_path: Path, data: bytes, name: str = "map.jpg") -> Picture:
    (tmp_path / name).write_bytes(data)
    return read_picture(tmp_path / name, tmp_path / "cache")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_in_three_widths(tmp_path: Path, kind: str) -> None:
    made = read(tmp_path, picture(kind))
    sizes = [opened(one.file).size for one in made.renditions]

    assert (made.width, made.height) == (1600, 800)
    assert sizes == [(480, 240), (960, 480), (1600, 800)]
    assert [opened(one.file).format for one in made.renditions] == ["WEBP"] * 3


@pytest.mark.parametrize(
    ("width", "widths"), [(300, [300]), (480, [480]), (700, [480, 700]), (1600, [480, 960, 1600])]
)
def test_no_picture_is_made_wider_than_it_is(tmp_path: Path, width: int, widths: list[int]) -> None:
    made = read(tmp_path, picture(size=(width, 90)))

    assert [one.width for one in made.renditions] == widths
    assert made.srcset == ", ".join(f"/{one.path} {one.width}w" for one in made.renditions)


def test_what_a_camera_notes_is_left_out_and_the_picture_stands_upright(tmp_path: Path) -> None:
    data = turned()
    made = read(tmp_path, data)
    shown = opened(made.renditions[0].file)

    assert PLACE[2:] in data
    assert PLACE[2:] not in made.renditions[0].file.read_bytes()
    assert (shown.size, dict(shown.getexif())) == ((100, 200), {})
    red, _, blue = shown.convert("RGB").getpixel((50, 10))
    assert red > 200 > 50 > blue


def test_a_picture_is_made_once_and_anew_when_it_changes(tmp_path: Path) -> None:
    first = read(tmp_path, picture())
    first.renditions[0].file.write_bytes(b"kept")
    again, other = read(tmp_path, picture()), read(tmp_path, picture(size=(1999, 1000)))

    assert again == first
    assert again.renditions[0].file.read_bytes() == b"kept"
    assert {one.path for one in other.renditions} & {one.path for one in first.renditions} == set()


def bomb() -> bytes:
    """Return a small file that says that it holds a picture of 10,000 million pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no picture", "is no JPEG, PNG or WebP that can be read"),
        (b"", "is no JPEG, PNG or WebP that can be read"),
        (picture()[:3000], "is no JPEG, PNG or WebP that can be read"),
        (picture("PNG")[:300], "is no JPEG, PNG or WebP that can be read"),
        (picture("GIF"), "is no JPEG, PNG or WebP that can be read"),
        (picture() + b"\0" * 10_000_000, "is larger than 10 MB"),
        (picture("PNG", (8001, 5000)), "has more than 40 million pixels"),
        (bomb(), "has more than 40 million pixels"),
    ],
    ids=[
        "words",
        "nothing",
        "half a JPEG",
        "half a PNG",
        "a GIF",
        "too many bytes",
        "too many pixels",
        "a bomb",
    ],
)
def test_a_picture_that_cannot_be_shown_is_an_error(tmp_path: Path, data: bytes, told: str) -> None:
    with pytest.raises(BadValue) as caught:
        read(tmp_path, data)

    assert caught.value.message == told


def test_a_text_is_not_blamed_for_a_picture_that_cannot_be_shown(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    put(folder, "map.png", b"no picture")
    folder.change("pages/index.md", "Welcome.", "![How to get there](/images/map.png)")
    folder.change("pages/index.es.md", "bienvenida.", "bienvenida. ![Cómo llegar](/images/map.png)")

    assert folder.errors() == [
        "content/images/map.png:1: is no JPEG, PNG or WebP that can be read (save the picture as one of these again)"
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("map.svg", "an SVG can hold a program, so none is shown (save it as a PNG)"),
        ("map.heic", "is no JPEG, PNG or WebP (save the picture as one of these)"),
        ("my map.png", 'the picture\'s name cannot stand in an address (did you mean "my-map.png"?)'),
    ],
)
def test_a_file_that_is_no_picture_for_pages_is_an_error(tmp_path: Path, name: str, told: str) -> None:
    folder = ContentFolder(tmp_path)
    put(folder, name, picture("PNG", (4, 4)))

    assert folder.errors() == [f"content/images/{name}:1: {told}"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("![A map](/images/mpa.png)", 'there is no picture content/images/mpa.png (did you mean "map.png"?)'),
        (
            "![A map](/theme/map.png)",
            (
                'the picture "/theme/map.png" is not in content/images/ '
                '(put it there, and write "![what it shows](/images/name.jpg)")'
            ),
        ),
        (
            "![A map](https://a.example/map.png)",
            (
                'the picture "https://a.example/map.png" is not in content/images/ '
                '(put it there, and write "![what it shows](/images/name.jpg)")'
            ),
        ),
        (
            "![](/images/map.png)",
            (
                'the picture "/images/map.png" says nothing to people who do not see it '
                '(write "![what it shows](/images/map.png)")'
            ),
        ),
        *[
            (
                f"![{words}](/images/map.png)",
                (
                    f'"{words}" is the name of a file, and says nothing to people who do not '
                    'see the picture (write "![what it shows](/images/map.png)")'
                ),
            )
            for words in ("map.png", "map", "Map", "IMG_1234", "photo.jpeg")
        ],
    ],
)
def test_a_picture_that_does_not_say_what_it_shows_or_is_nowhere_is_an_error(
    tmp_path: Path, written: str, told: str
) -> None:
    folder = ContentFolder(tmp_path)
    put(folder, "map.png", picture("PNG", (4, 4)))
    folder.change("pages/index.md", "Welcome.", f"Welcome.\n\n{written}")
    folder.change("pages/index.es.md", "bienvenida.", "bienvenida.\n\n![Cómo llegar](/images/map.png)")

    assert [line for line in folder.errors() if "warning" not in line] == [
        f"content/pages/index.md:6: {told}"
    ]


def test_a_picture_in_one_language_alone_or_in_no_text_is_a_warning(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    for name in ("map.png", "room.png", "unused.png"):
        put(folder, name, picture("PNG", (4, 4)))
    folder.change("pages/index.md", "Welcome.", "Welcome.\n\n![How to get there](/images/map.png)")
    folder.change("pages/index.es.md", "bienvenida.", "bienvenida.\n\n\n![La sala](/images/room.png)")

    assert folder.warnings() == [
        (
            "content/images/unused.png:1: warning: no text shows this picture "
            '(write "![what it shows](/images/unused.png)" in one, or delete it)'
        ),
        (
            "content/pages/index.es.md:7: warning: the picture room.png is in the Spanish text alone "
            "(show it in content/pages/index.md too)"
        ),
        (
            "content/pages/index.md:6: warning: the picture map.png is in the English text alone "
            "(show it in content/pages/index.es.md too)"
        ),
    ]


@pytest.mark.parametrize(
    "source", ["/images/map.png", "../images/map.png", "images/map.png", "/content/images/map.png"]
)
def test_a_page_keeps_room_for_a_picture_and_lets_the_browser_choose(tmp_path: Path, source: str) -> None:
    folder = ContentFolder(tmp_path)
    put(folder, "map.png", picture("PNG", (1000, 500)))
    folder.session("a", f"![How to get there]({source})")
    folder.write("sessions/a.es.md", f"\n![Cómo llegar]({source})\n")
    content = folder.read()
    (shown,) = content.pictures

    assert content.notes["a"].en == (
        f'<p><img alt="How to get there" height="500" loading="lazy" sizes="(min-width: 42em) 38em, 100vw" '
        f'src="{shown.address}" srcset="{shown.srcset}" width="1000"></p>'
    )
    note = content.schedule.sessions[0].note
    assert note is not None
    assert note.text(Language.SPANISH).text == f"Cómo llegar ({SITE_URL}{shown.address})"


def test_pictures_are_published_with_the_pages_that_show_them(tmp_path: Path) -> None:
    content = copy_content(tmp_path)
    (content / "images").mkdir()
    (content / "images/Map.JPG").write_bytes(turned())
    (content / "images/other.png").write_bytes(picture("PNG", (4, 4)))
    for name, words in (("words.md", "A map"), ("words.es.md", "Un mapa")):
        with (content / "pages" / name).open("a") as text:
            text.write(f"\n![{words}](/images/Map.JPG)\n\n[{words}](/images/Map.JPG)\n")
    site = build(tmp_path, PATH=str(content))
    (path,) = [path for path in site.files if path.startswith("images/")]

    assert Image.open(BytesIO(site.files[path])).size == (100, 200)
    assert f'href="/{path}"' in site.read("/words/")
    assert 'width="100"' in site.read("/es/words/")
    assert check_site(site.output) == []
