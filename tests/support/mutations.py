# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips of writers, for tests: one change in one file of a content folder, as people and programs make them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

# What people paste or type, in a key's value or in a text.
WORDS = (
    *(
        "",
        " ",
        ":",
        "x",
        "0",
        "-1",
        "20",
        "999999999999",
        "1e3",
        "٣",
        "None",
        "yes",
        "null",
        "[]",
        "{}",
        "{{ x }}",
    ),
    *(
        "2026-12-03",
        "2026-12-03 10:00",
        "2027-03-14 02:30",
        "2027-11-07 01:30",
        "2099-12-31 23:59",
        "0000-00-00",
        "12/3/26",
    ),
    *(
        "1 day before",
        "9999 weeks before",
        "FREQ=WEEKLY;COUNT=5",
        "FREQ=DAILY;COUNT=400",
        "FREQ=YEARLY;BYDAY=MO;COUNT=90",
    ),
    *(
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=WEEKLY;INTERVAL=999;COUNT=33",
        "RRULE:",
        "UNTIL=20270101",
    ),
    *(
        "overview",
        "cafe",
        "uriel-ramirez-torres",
        "ca-msix-support, yecenia-ocampo",
        "nobody",
        "../x",
        "a,b,,c",
    ),
    *("en", "English", "es, en", "online", "in-person", "canceled", "parents", "flyer", "support"),
    *(
        "https://example.org",
        "https://[",
        "https://zoom.us/j/1",
        "secret:x",
        "secret:",
        "javascript:x",
        "//x",
        "%zz",
        "#x",
    ),
    *(
        "# a",
        "## a",
        "#### a",
        "- a",
        "1. a",
        "> a",
        "```",
        "~~~",
        "***",
        "---",
        "===",
        "a | b\n--- | ---",
        ":   a",
    ),
    *(
        "[a](/schedule/)",
        "[a](/x/)",
        "[a](x.md)",
        "[a]()",
        "![](/images/x.png)",
        "![a](/images/x.png)",
        "[^1]",
        "[^1]: a",
    ),
    *(
        "<b>",
        "</div>",
        "<!-- a",
        "<textarea>",
        "<https://a.example>",
        "{: style=x }",
        "{: #main }",
        "{: .a lang=es }",
    ),
    *(
        "<<<<<<< HEAD",
        "=======",
        ">>>>>>> x",
        "\\N",
        "\\",
        "&#x2028;",
        "&#0;",
        "&amp;",
        "*a",
        "**",
        "`",
        "~~a~~",
        "[" * 60,
    ),
    *(
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\u2028",
        "\u0000",
        "\u0007",
        "\u000b",
        "\u000c",
        "\r",
        "\t",
        "\ud7ff",
        "😀",
        "é",
        "é",
    ),
)


@dataclass(frozen=True)
class Mutation:
    """One change: what it is, in words, the file that it is made in, and how to make it below a content folder.

    `other` is a second file that it writes.
    """

    name: str
    path: str
    make: Callable[[Path], None]
    other: str = ""

    def __repr__(self) -> str:
        return f"{self.name} in {self.path}"


def _bytes(name: str, path: str, change: Callable[[bytes], bytes]) -> Mutation:
    def make(content: Path) -> None:
        (content / path).write_bytes(change((content / path).read_bytes()))

    return Mutation(name, path, make)


@st.composite
def _in_a_line(draw: st.DrawFn, path: str, text: str) -> Mutation:
    lines = text.split("\n")
    place = draw(st.integers(0, len(lines) - 1))
    line, word = lines[place], draw(st.sampled_from(WORDS))
    at = draw(st.integers(0, len(line)))
    key, colon, value = line.partition(":")
    other = lines[draw(st.integers(0, len(lines) - 1))]
    changes = {
        "delete the line": [],
        "write it twice": [line, line],
        "put another line after it": [line, other],
        "empty the value": [f"{key}{colon}"],
        f"set the value to {word!r}": [f"{key}: {word}"],
        f"put {word!r} into it": [line[:at] + word + line[at:]],
        f"put {word!r} above it": [word, line],
        "delete a character": [line[:at] + line[at + 1 :]],
        "swap two characters": [line[:at] + line[at : at + 2][::-1] + line[at + 2 :]],
        "delete the colon": [f"{key}{value}"],
        "write it in capitals": [line.upper()],
        "indent it": [f"  {line}"],
        "break it": [line[:at], line[at:]],
        "leave a line above it": ["", line],
    }
    name = draw(st.sampled_from(sorted(changes)))
    new = "\n".join([*lines[:place], *changes[name], *lines[place + 1 :]])
    return _bytes(f"{name} (line {place + 1})", path, lambda _: new.encode("utf-8", "surrogatepass"))


@st.composite
def _of_the_file(draw: st.DrawFn, path: str) -> Mutation:
    stem, _, ending = path.partition(".")
    folder = path.partition("/")[0] if "/" in path else "pages"
    names = [
        f"{stem}",
        f"{stem}.txt",
        f"{stem}.{ending}.txt",
        f"{stem}.MD",
        f"{stem}-2.{ending}",
        f"{stem}.es.{ending}",
    ]
    names += [
        f"{folder}/x/a.md",
        f"{folder}s/a.md",
        f"{folder}/done.md",
        f"{folder}/cafe-2027-01-20.md",
        "a.md",
        "images/a.png",
    ]
    other, at = draw(st.sampled_from(names)), draw(st.integers(0, 200))

    def copy(content: Path) -> None:
        (content / other).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content / path, content / other)

    def rename(content: Path) -> None:
        copy(content)
        (content / path).unlink()

    def link(content: Path) -> None:
        (content / path).unlink()
        (content / path).symlink_to("/etc/hostname")

    def folder_in_its_place(content: Path) -> None:
        (content / path).unlink()
        (content / path).mkdir()

    def pipe(content: Path) -> None:
        (content / path).unlink()
        os.mkfifo(content / path)

    whole = [
        Mutation(f"copy to {other}", path, copy, other),
        Mutation(f"rename to {other}", path, rename, other),
        Mutation("delete", path, lambda content: (content / path).unlink()),
        Mutation("put a link in its place", path, link),
        Mutation("put a folder in its place", path, folder_in_its_place),
        Mutation("put a pipe in its place", path, pipe),
        _bytes(f"cut off at {at}", path, lambda data: data[:at]),
        _bytes("save as Latin-1", path, lambda data: data.decode().encode("latin-1", "replace")),
        _bytes("save as UTF-16", path, lambda data: data.decode().encode("utf-16")),
        _bytes("save with a byte order mark", path, lambda data: b"\xef\xbb\xbf" + data),
        _bytes("save with Windows' line ends", path, lambda data: data.replace(b"\n", b"\r\n")),
        _bytes("save without a line end", path, lambda data: data.rstrip(b"\n")),
        _bytes("put an empty line first", path, lambda data: b"\n" + data),
        _bytes("leave out all empty lines", path, lambda data: data.replace(b"\n\n", b"\n")),
        _bytes("indent all", path, lambda data: b"    " + data.replace(b"\n", b"\n    ")),
        _bytes("empty it", path, lambda data: data[:0]),
        _bytes("write it fifty times", path, lambda data: data * 50),
        _bytes("spaces from Word", path, lambda data: data.replace(b" ", "\u00a0".encode())),
    ]
    return draw(st.sampled_from(whole))


def mutations(content: Path) -> st.SearchStrategy[Mutation]:
    """Return one change in one of the files of a content folder."""
    texts = {
        file.relative_to(content).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(content.rglob("*.md"))
    }

    def of(path: str) -> st.SearchStrategy[Mutation]:
        line = _in_a_line(path, texts[path])
        return st.one_of(line, line, line, _of_the_file(path))

    return st.sampled_from(sorted(texts)).flatmap(of)
