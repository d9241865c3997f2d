# SPDX-License-Identifier: AGPL-3.0-or-later
"""All files of the content folder, taken apart but not yet understood; what is wrong with a file as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from plugins.trainings import frontmatter
from plugins.trainings.file_states import FileStates
from plugins.trainings.folders import PICTURES, ContentFiles, Found
from plugins.trainings.frontmatter import Document
from plugins.trainings.memo import Memo
from plugins.trainings.organizations import read_organizations
from plugins.trainings.pictures import Picture, read_picture
from plugins.trainings.problems import BadValue, ContentProblem, Problems
from plugins.trainings.series import REPEAT
from plugins.trainings.tables import FOLDERS, KEYS, TEXTS
from schedule.addresses import is_taken

T = TypeVar("T")

_OCCURRENCE = re.compile(r"(.+)-(\d{4}-\d\d-\d\d)")


class Documents:
    """The content's files by folder and name, originals apart from translations, its pictures by name, its list."""

    def __init__(
        self, content: Path, memo: Memo, problems: Problems, states: FileStates | None = None
    ) -> None:
        """Read them; `states` knows what the files held when a build of this process read them last."""
        self.originals: dict[str, dict[str, Document]] = {}
        self.translations: dict[str, dict[str, Document]] = {}
        self.pictures: dict[str, Picture] = {}
        self._content = content
        self._memo = memo
        self._problems = problems
        self._state = (states or FileStates()).of
        files = ContentFiles(content)
        problems.extend(files.problems)
        self._read_pictures(files.of(PICTURES))
        self.organizations = self._read_organizations(files.organizations)
        for name in FOLDERS:
            self._read(name, files.of(name))

    def of_occurrence(self, stem: str) -> str | None:
        """Return the series that a session's file or its translation is named after."""
        match = _OCCURRENCE.fullmatch(stem)
        found = self.originals["sessions"].get(match[1]) if match else None
        return found.stem if found is not None and REPEAT.name in found.headers else None

    def below(self, path: str) -> str:
        """Return where a file is below the content folder."""
        return path.removeprefix(f"{self._content.name}/")

    def words(self, document: Document) -> tuple[dict[str, str], str]:
        """Return what of a file is translated: its texts by their keys, and the text below."""
        texts = TEXTS[self.below(document.path).partition("/")[0]]
        return {
            name: document.headers[name].value for name in texts if name in document.headers
        }, document.body

    def tell(self, path: str, message: str, hint: str, *, warning: bool = False) -> None:
        """Note what is wrong with a file as a whole."""
        self._problems.add(ContentProblem(path, 1, None, message, hint, warning))

    def _read(self, name: str, files: Iterable[Found]) -> None:
        """Read the files of one folder, and tell originals from translations."""
        documents = self.originals[name] = {}
        translations = self.translations[name] = {}
        for found in files:
            if is_taken(name, found.name.partition(".")[0]):
                hint = "choose another name, such as that with the date or the topic behind it"
                self.tell(found.path, "the site needs this address for something else", hint)
                continue
            document = self._memo.get(
                ("file", found.path),
                self._state(found.place),
                lambda: frontmatter.read(found.file, found.path, KEYS[name], TEXTS[name]),  # noqa: B023 - called at once
            )
            self._problems.extend(document.problems)
            (translations if found.path.endswith(".es.md") else documents)[document.stem] = document
        for stem, translation in translations.items():
            if stem not in documents and not (name == "sessions" and self.of_occurrence(stem)):
                message = f"translates {stem}.md, which does not exist"
                self.tell(translation.path, message, "add that file, or delete this one")

    def _read_organizations(self, found: Found | None) -> tuple[str, ...]:
        if found is None:
            return ()
        read = partial(read_organizations, found)
        names, problems = self._memo.get(("file", found.path), self._state(found.place), read)
        self._problems.extend(problems)
        return names

    def _read_pictures(self, files: Iterable[Found]) -> None:
        """Make the pictures ready that texts may show; a bad one is there all the same, for texts that show it."""
        cache = self._content.parent / ".cache" / "pictures"
        for found in files:
            read: Callable[[], Any] = partial(read_picture, found.file, cache)
            picture = Picture(found.name, 1, 1, ())
            try:
                key, state = ("picture", found.path), self._state(found.place)
                picture = self._memo.get(key, state, read)
                if not all(rendition.file.exists() for rendition in picture.renditions):
                    self._memo.forget(key)  # somebody has deleted what was made of it
                    picture = self._memo.get(key, state, read)
            except BadValue as bad:
                self.tell(found.path, bad.message, bad.hint or "")
            self.pictures[found.name] = picture
