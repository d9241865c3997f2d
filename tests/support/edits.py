# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers and designers do to the files of a site, as data: a step that is printed can be done again."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

from tests.support.content import PAGE, PAGE_ES, TRAINER, TRAINING, TRAINING_ES, session_text

WAYS = ("in place", "in place, the time kept", "renamed over", "renamed over, the time kept", "made anew")
"""How a file comes to have other bytes. The clock of a file system stands still for some milliseconds,
and programs set times: so two versions may have one time, and often one size."""


def save(file: Path, data: bytes, way: str = "in place") -> None:
    """Write a file in one of WAYS; "made anew" may give it the number (inode) that it had."""
    known = file.stat() if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    if way.startswith("renamed over"):
        aside = file.with_name(f".{file.name}.aside")
        aside.write_bytes(data)
        aside.replace(file)
    else:
        if way == "made anew":
            file.unlink(missing_ok=True)
        file.write_bytes(data)
    if known and not way.endswith(("in place", "renamed over")):
        os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))


class Change(Protocol):
    """Something done to a file below a folder; nothing if the file is not there."""

    def apply(self, root: Path) -> None:
        """Do it."""


@dataclass(frozen=True)
class Edit:
    """Change a file's text: `what` is a name in TEXTS."""

    path: str
    what: str
    number: int
    way: str

    def apply(self, root: Path) -> None:
        """Do it."""
        file = root / self.path
        if file.is_file():
            text = file.read_bytes().decode("utf-8", "surrogateescape")
            save(file, TEXTS[self.what](text, self.number).encode("utf-8", "surrogateescape"), self.way)


@dataclass(frozen=True)
class Write:
    """Write a new file, with `both` in both languages: `path` is a name in NEW_FILES."""

    path: str
    both: bool
    way: str

    def apply(self, root: Path) -> None:
        """Do it."""
        for path in pair(self.path) if self.both else (self.path,):
            if path in NEW_FILES:
                save(root / path, NEW_FILES[path].encode(), self.way)


@dataclass(frozen=True)
class Delete:
    """Delete a file; `both` what it is a translation of, or its translation, too."""

    path: str
    both: bool

    def apply(self, root: Path) -> None:
        """Do it."""
        for path in pair(self.path) if self.both else (self.path,):
            (root / path).unlink(missing_ok=True)


@dataclass(frozen=True)
class Rename:
    """Move a text, with `both` in both languages; what stands there already is lost."""

    path: str
    to: str
    both: bool

    def apply(self, root: Path) -> None:
        """Do it."""
        pairs = zip(pair(self.path), pair(self.to), strict=True) if self.both else [(self.path, self.to)]
        for path, to in pairs:
            if (root / path).is_file():
                (root / to).parent.mkdir(parents=True, exist_ok=True)
                (root / path).replace(root / to)


def pair(path: str) -> tuple[str, ...]:
    """Return the paths of a text and of its translation; a file of another kind is alone."""
    if not path.endswith(".md"):
        return (path,)
    stem = path.removesuffix(".md").removesuffix(".es")
    return (f"{stem}.md", f"{stem}.es.md")


def _value(key: str, value: str) -> Callable[[str, int], str]:
    """Give a key another value, written with the number; add it where it is not."""

    def change(text: str, number: int) -> str:
        line = f"{key}: {value.format(number=number, digit=number % 10)}"
        pattern = rf"^{key}:.*$"
        return (
            re.sub(pattern, line, text, count=1, flags=re.M)
            if re.search(pattern, text, re.M)
            else f"{line}\n{text}"
        )

    return change


def _line_left_out(text: str, number: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for place, line in enumerate(lines) if place != number % max(len(lines), 1))


def _messages_turned_round(text: str, _: int) -> str:
    head, *messages = text.split("\n\n")
    return "\n\n".join([head, *reversed(messages)])


# For each kind of file, what may become of its text; a number makes it another one each time.
SESSION_TEXTS: dict[str, Callable[[str, int], str]] = {
    "capacity": _value("Capacity", "{number}"),
    "canceled": _value("Status", "cancelled"),
    "on again": _value("Status", "scheduled"),
    "day": _value("Start", "2026-12-1{digit} 08:00"),
    "length": _value("Duration", "{number}"),
    "series": _value("Repeat", "FREQ=WEEKLY;COUNT={digit}"),
    "place": _value("Location", "Room {number}"),
    "link": _value("Join-Url", "https://meet.example.org/{number}"),
    "closes": _value("Registration-Closes", "{digit} days before"),
    "trainer": _value("Trainers", "ca-msix-support"),
    "held in Spanish": _value("Language", "es"),
}
PAGE_TEXTS: dict[str, Callable[[str, int], str]] = {
    "title": _value("Title", "Title {number}"),
    "summary": _value("Summary", "Summary {number}."),
    "order": _value("Order", "{digit}"),
    "flyer": _value("Layout", "flyer"),
}
CONTACT_TEXTS: dict[str, Callable[[str, int], str]] = {
    "name": _value("Title", "Ana {number}"),
    "role": _value("Role", "Role {number}"),
    "extension": _value("Extension", "{number}"),
    "support": _value("Kind", "support"),
    "trainer's kind": _value("Kind", "trainer"),
}
TRAINING_TEXTS: dict[str, Callable[[str, int], str]] = {
    "title": _value("Title", "Training {number}"),
    "badge": _value("Badge", "New {number}"),
    "for parents": _value("For", "parents"),
    "order": _value("Order", "{digit}"),
}
ALL_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more text": lambda text, number: f"{text}\n\nText **{number}**.\n",
    "text left out": lambda text, _: text.split("\n\n", 1)[0] + "\n",
    "other line ends": lambda text, _: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "nothing": lambda text, _: text,
    "line left out": _line_left_out,
    "no key": lambda text, number: f"nonsense {number}\n{text}",
    "not UTF-8": lambda text, _: f"{text}\udcff",
}
TEMPLATE_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more text": lambda text, number: f"{text}<p>{number}</p>\n",
    "macro": lambda text, number: text.replace("{% endmacro %}", f"{number}{{% endmacro %}}"),
    "no name": lambda text, number: f"{text}{{{{ nothing_{number} }}}}\n",
    "no end": lambda text, _: f"{text}{{% if site %}}\n",
}
CATALOGUE_TEXTS: dict[str, Callable[[str, int], str]] = {
    "other words": lambda text, number: re.sub(r'msgstr "\w+', f'msgstr "Palabra{number}', text),
    "turned round": _messages_turned_round,
    "no message": lambda text, _: f"{text}\nmsgid\n",
}
STATIC_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more style": lambda text, number: f"{text}\n.a{number} {{ order: {number} }}\n",
    "comment": lambda text, number: f"{text}/* {number} */",
}
SCRIPT_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more script": lambda text, number: f"{text}console.log({number});\n",
    "comment": lambda text, number: f"{text}// {number}\n",
}
KINDS: Mapping[str, Mapping[str, Callable[[str, int], str]]] = {
    r"content/sessions/.*": SESSION_TEXTS | ALL_TEXTS,
    r"content/trainers/.*": CONTACT_TEXTS | ALL_TEXTS,
    r"content/trainings/.*": TRAINING_TEXTS | ALL_TEXTS,
    r"content/.*": PAGE_TEXTS | ALL_TEXTS,
    r"theme/templates/.*": TEMPLATE_TEXTS,
    r".*\.po": CATALOGUE_TEXTS,
    r".*\.js": SCRIPT_TEXTS,
    r".*": STATIC_TEXTS,
}
TEXTS = {name: change for kind in KINDS.values() for name, change in kind.items()}


def kinds(path: str) -> list[str]:
    """Return what may become of the text of a file."""
    return list(next(kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, path)))


NEW_FILES = {
    "content/sessions/a.md": session_text(Start="2026-12-08 14:00"),
    "content/sessions/b.md": session_text("Bring a **pen**.", Start="2027-01-07 10:00"),
    "content/sessions/b.es.md": "\nTraiga una *pluma*.\n",
    "content/sessions/course.md": session_text(
        "Weekly.", Start="2027-02-01 09:00", Repeat="FREQ=WEEKLY;COUNT=3"
    ),
    "content/sessions/course.es.md": "\nCada semana.\n",
    "content/sessions/course-2027-02-08.md": "Capacity: 5\nStatus: cancelled\n",
    "content/sessions/course-2027-02-08.es.md": "\nNo esta semana.\n",
    "content/sessions/course-2027-02-10.md": "Start: 2027-02-10 15:00\n",
    "content/trainings/second.md": TRAINING.replace("Overview", "Second"),
    "content/trainings/second.es.md": TRAINING_ES.replace("Panorama", "Segunda"),
    "content/trainers/ana.md": TRAINER.replace("Uriel Ramirez Torres", "Ana Ruiz"),
    "content/trainers/ana.es.md": "Role: Capacitadora\n",
    "content/pages/about.md": PAGE.replace("Home", "About us"),
    "content/pages/about.es.md": PAGE_ES.replace("Inicio", "Quiénes somos"),
    "content/parents/index.md": PAGE.replace("Home", "Parents"),
    "content/parents/index.es.md": PAGE_ES.replace("Inicio", "Familias"),
    "content/parents/one.md": PAGE.replace("Home", "One"),
    "content/parents/one.es.md": PAGE_ES.replace("Inicio", "Una"),
    "theme/templates/_unused.html": "{# nobody includes it #}\n",
    "theme/translations/es/LC_MESSAGES/zz.po": 'msgid "Schedule"\nmsgstr "Agenda"\n',
    "theme/templates/.page.html.swp": "left by an editor",
    "theme/static/print.css": "@media print { a { color: black } }\n",
    "theme/static/parts/unused.js": "export const unused = 1;\n",
}
"""Files that may come to a site; sessions that are in no other's way."""


FOLDERS = ("content/sessions", "content/trainings", "content/trainers", "content/pages", "content/parents")


def some_change(random: Random, files: list[str]) -> Change:
    """Choose something to do to one of the files that are there, or that may come."""
    top = "content/" if random.random() < 0.75 else "theme/"
    path, way = random.choice([path for path in files if path.startswith(top)]), random.choice(WAYS)
    match random.choices(("edit", "write", "delete", "rename"), (60, 20, 10, 10))[0]:
        case "write":
            new = random.choice([path for path in NEW_FILES if path.startswith(top)])
            return Write(new, random.random() < 0.8, way)
        case "delete":
            return Delete(path, random.random() < 0.8)
        case "rename" if top == "content/":
            folder = path.rpartition("/")[0] if random.random() < 0.8 else random.choice(FOLDERS)
            return Rename(path, f"{folder}/{random.choice('abc')}.md", random.random() < 0.9)
        case _:
            return Edit(path, random.choice(kinds(path)), random.randrange(1, 99), way)
