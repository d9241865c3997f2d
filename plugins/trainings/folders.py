# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies below the content folder: each file belongs to a reader, is a leftover of an editor, or is an error."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from plugins.trainings.problems import ContentProblem, nearest
from plugins.trainings.tables import FOLDERS

PICTURES = "images"
ORGANIZATIONS = "organizations.md"
# The site has no page for those who look for what these hold, or none to call.
REQUIRED = ("trainings", "trainers", "sessions", "pages")
FORMATS = (".jpeg", ".jpg", ".png", ".webp")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.es)?\.md")
_PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# What editors and file managers leave behind; .gitkeep keeps a folder that is empty.
_LEFTOVER = re.compile(
    r".*~|.*\.(swp|swo|bak|orig)|\.DS_Store|\._.*|\.#.*|Thumbs\.db|\.gitkeep", re.IGNORECASE
)
_HOW = "lowercase letters without accents, digits and hyphens, as in 2026-12-03-overview.md"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that a reader takes: where it is, and its path as the writer knows it."""

    place: str
    path: str

    @property
    def name(self) -> str:
        """Its name in its folder."""
        return self.path.rpartition("/")[2]

    @property
    def file(self) -> Path:
        """Where it is, as a path."""
        return Path(self.place)


class ContentFiles:
    """The files of a content folder by their folders, and what is wrong with all the others."""

    def __init__(self, content: Path) -> None:
        self.problems: list[ContentProblem] = []
        self._content = content
        self.organizations: Found | None = None
        self._misspelled: set[str] = set()
        self._files: dict[str, list[Found]] = {name: [] for name in (*FOLDERS, PICTURES)}
        for entry in _entries(content):
            self._top(entry)
        for name in REQUIRED:
            if not (content / name).exists() and name not in self._misspelled:
                hint = f"make the folder {content.name}/{name}; an empty file .gitkeep in it keeps it"
                self._tell(name, f"the folder {name} is missing", hint)

    def of(self, folder: str) -> list[Found]:
        """Return the files of one of the folders, in the order of their names."""
        return self._files[folder]

    def _top(self, entry: os.DirEntry[str]) -> None:
        name = entry.name
        if not entry.is_dir(follow_symlinks=False):
            if not self._is_odd(entry, name):
                self._list(name)
        elif name == ORGANIZATIONS:
            self._folder(name)
        elif name not in self._files:
            near = nearest(name, self._files)
            self._misspelled |= {near} if near else set()
            hint = f'did you mean "{near}"?' if near else f"the folders are: {', '.join(self._files)}"
            self._tell(name, f'nothing reads the folder "{name}"', hint)
        else:
            read = self._picture if name == PICTURES else self._text
            for file in _entries(self._content / name):
                if file.is_dir(follow_symlinks=False):
                    self._folder(f"{name}/{file.name}")
                elif not self._is_odd(file, f"{name}/{file.name}"):
                    read(name, file.name)

    def _list(self, name: str) -> None:
        """Take the one file that lies in no folder."""
        if name == ORGANIZATIONS:
            self.organizations = self._found(name)
            return
        hint = f"put it into one of the folders: {', '.join(self._files)}"
        if name.endswith(".es.md") and nearest(name, (ORGANIZATIONS,)):
            hint = f"the names in {ORGANIZATIONS} are those of both languages: delete this file"
        elif nearest(name, (ORGANIZATIONS,)):
            hint = f'did you mean "{ORGANIZATIONS}"?'
        self._tell(name, "nothing reads a file that is in no folder", hint)

    def _folder(self, place: str) -> None:
        if place.endswith(".md"):
            message, hint = "is a folder, not a file", "put the text into a file of this name"
        else:
            message = "nothing reads a folder in here"
            hint = f"put its files into {self._content.name}/{place.partition('/')[0]}"
        self._tell(place, message, hint)

    def _is_odd(self, entry: os.DirEntry[str], place: str) -> bool:
        """Note what is no file: readers would wait for it, or read what the project does not hold."""
        if entry.is_symlink():
            self._tell(place, "is a link", "put what it leads to here")
            return True
        if not entry.is_file(follow_symlinks=False):
            self._tell(place, "is no file that can be read", "delete it")
            return True
        return False

    def _text(self, folder: str, name: str) -> None:
        place = f"{folder}/{name}"
        if _NAME.fullmatch(name):
            self._files[folder].append(self._found(place))
            return
        suffix = Path(name).suffix
        if suffix.lower() in (*FORMATS, ".gif", ".svg", ".heic"):
            message = f"nothing reads a picture in {folder}"
            self._tell(place, message, f"put it into {self._content.name}/{PICTURES}")
            return
        right = _right_name(name)
        message = "the file's name cannot be an address" if suffix == ".md" else "nothing reads this file"
        hint = f'did you mean "{right}"?' if right else _HOW
        self._tell(place, message, hint)

    def _picture(self, folder: str, name: str) -> None:
        place, suffix = f"{folder}/{name}", Path(name).suffix.lower()
        if suffix == ".svg":
            self._tell(place, "an SVG can hold a program, so none is shown", "save it as a PNG")
        elif suffix not in FORMATS:
            self._tell(place, "is no JPEG, PNG or WebP", "save the picture as one of these")
        elif not _PICTURE.fullmatch(name):
            right = re.sub(r"[^A-Za-z0-9._]+", "-", _plain(name)).strip("-")
            self._tell(place, "the picture's name cannot stand in an address", f'did you mean "{right}"?')
        else:
            self._files[folder].append(self._found(place))

    def _found(self, place: str) -> Found:
        return Found(f"{self._content}/{place}", f"{self._content.name}/{place}")

    def _tell(self, place: str, message: str, hint: str) -> None:
        path = f"{self._content.name}/{place}"
        self.problems.append(ContentProblem(path, 1, None, message, hint))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what lies in a folder in the order of names, but for leftovers."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as found:
        entries = [entry for entry in found if not _LEFTOVER.fullmatch(entry.name)]
    return sorted(entries, key=lambda entry: entry.name)


def _plain(name: str) -> str:
    """Return a name without accents."""
    parts = unicodedata.normalize("NFKD", name)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _right_name(name: str) -> str | None:
    """Return the name that a text's file was meant to have, if that is plain."""
    stem, spanish = re.subn(
        r"[._-]es$", "", re.sub(r"(\.(md|markdown|txt|en|docx?))+$", "", _plain(name).lower())
    )
    words = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")
    right = f"{words}{'.es' if spanish and re.search(r'[._]es', name.lower()) else ''}.md"
    return right if _NAME.fullmatch(right) else None
