# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the content folder into a Schedule and the staff's pages; every problem in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from markupsafe import Markup

from plugins.trainings import frontmatter
from plugins.trainings.article import StaffPage, read_article
from plugins.trainings.frontmatter import Document
from plugins.trainings.keys import ContentKey
from plugins.trainings.memo import Memo
from plugins.trainings.notes import NoteRenderer
from plugins.trainings.problems import ContentError, ContentProblem, Problems
from plugins.trainings.revisions import Revisions
from plugins.trainings.series import REPEAT, expand
from plugins.trainings.session import TRAINERS, TRAINING, References, SessionFile, read_session
from plugins.trainings.tables import FOLDERS
from plugins.trainings.trainer import read_trainer
from plugins.trainings.training import read_training
from schedule import wording
from schedule.addresses import is_taken
from schedule.model import ContactKind, Language, Localized, Schedule, Session, double_bookings

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.es)?\.md")
_OCCURRENCE = re.compile(r"(.+)-(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Content:
    """All that the content folder says."""

    schedule: Schedule
    articles: tuple[StaffPage, ...]
    notes: Mapping[str, Localized[Markup]]
    """For each session's id, its note as its page shows it, where it has one."""
    warnings: tuple[ContentProblem, ...]
    revisions: Revisions
    """When the files behind a page last changed."""


def read_content(
    folder: Path, zone: ZoneInfo, revisions: Revisions, memo: Memo, notes: NoteRenderer
) -> Content:
    """Read the content folder. Raises ContentError with all that is wrong in it."""
    return _Reader(folder, zone, revisions, memo, notes).read()


class _Reader:
    def __init__(
        self, folder: Path, zone: ZoneInfo, revisions: Revisions, memo: Memo, notes: NoteRenderer
    ) -> None:
        self._folder = folder
        self._zone = zone
        self._revisions = revisions
        self._memo = memo
        self._notes = notes
        self._problems = Problems()
        self._documents: dict[str, dict[str, Document]] = {}
        self._translations: dict[str, dict[str, Document]] = {}

    def read(self) -> Content:
        for name in FOLDERS:
            self._scan(name)
        trainings = self._all("trainings", read_training)
        trainers = self._all("trainers", read_trainer)
        articles = [*self._all("parents", read_article).values(), *self._all("pages", read_article).values()]
        known = References(
            tuple(self._documents["trainings"]), tuple(self._documents["trainers"]), trainings, trainers
        )
        sessions = self._sessions(known)
        self._check_bookings(tuple(file.session for file in sessions))
        if self._problems.errors:
            raise ContentError(tuple(self._problems))
        schedule = Schedule(
            trainings=tuple(sorted(trainings.values(), key=lambda training: (training.order, training.slug))),
            trainers=tuple(
                sorted(
                    trainers.values(), key=lambda trainer: (trainer.kind is ContactKind.SUPPORT, trainer.slug)
                )
            ),
            sessions=tuple(sorted((file.session for file in sessions), key=_by_start)),
            join_urls={file.session.id: file.join_url for file in sessions if file.join_url},
        )
        articles.sort(key=lambda article: (article.section, article.order, article.slug))
        notes = {file.session.id: file.note for file in sessions if file.note}
        return Content(schedule, tuple(articles), notes, tuple(self._problems), self._revisions)

    def _scan(self, name: str) -> None:
        """Read the files of one folder, and tell originals from translations."""
        documents: dict[str, Document] = {}
        translations: dict[str, Document] = {}
        folder = self._folder / name
        for file in sorted(folder.glob("*")) if folder.is_dir() else ():
            path = f"{self._folder.name}/{name}/{file.name}"
            if file.suffix != ".md" or file.name.startswith("."):
                continue
            if not _NAME.fullmatch(file.name):
                hint = "small letters without accents, figures and hyphens, as in 2026-12-03-overview.md"
                self._tell(path, "the file's name cannot be an address", hint)
                continue
            if is_taken(name, file.name.partition(".")[0]):
                hint = "choose another name, such as that with the date or the topic behind it"
                self._tell(path, "the site needs this address for something else", hint)
                continue
            # Time, size and inode can all stay when a file gets another text: its bytes tell texts apart.
            inputs = file.read_bytes()
            document = self._memo.get(("file", path), inputs, lambda: frontmatter.read(file, path))  # noqa: B023 - called at once
            self._problems.extend(document.problems)
            (translations if file.name.endswith(".es.md") else documents)[document.stem] = document
        for stem, translation in translations.items():
            if stem not in documents and not (name == "sessions" and self._is_occurrence(stem, documents)):
                message = f"translates {stem}.md, which does not exist"
                self._tell(translation.path, message, "add that file, or delete this one")
        self._documents[name], self._translations[name] = documents, translations

    @staticmethod
    def _is_occurrence(stem: str, documents: dict[str, Document]) -> bool:
        match = _OCCURRENCE.fullmatch(stem)
        return match is not None and match[1] in documents and REPEAT.name in documents[match[1]].headers

    def _all(
        self,
        name: str,
        read: Callable[[Document, Document | None], tuple[T | None, tuple[ContentProblem, ...]]],
    ) -> dict[str, T]:
        """Make everything of one folder; what is wrong is noted and left out."""
        made: dict[str, T] = {}
        for stem, document in self._documents[name].items():
            translation = self._translations[name].get(stem)
            if translation is None:
                message = f"has no Spanish translation, {stem}.es.md"
                self._tell(document.path, message, "pages stand in both languages")
            else:
                self._check_age(document, translation)
            inputs = (document, translation)
            content, problems = self._memo.get((name, stem), inputs, partial(read, *inputs))
            self._problems.extend(problems)
            if content is not None and not document.problems:
                made[stem] = content
        return made

    def _check_age(self, document: Document, translation: Document) -> None:
        if self._revisions.older(self._below(translation.path), self._below(document.path)):
            message = f"{Path(document.path).name} has changed since this translation was made"
            hint = "bring it up to date, or save it again if nothing has to change"
            self._tell(translation.path, message, hint, warning=True)

    def _below(self, path: str) -> str:
        return path.removeprefix(f"{self._folder.name}/")

    def _sessions(self, known: References) -> list[SessionFile]:
        documents = self._documents["sessions"]
        series = {
            stem: document
            for stem, document in documents.items()
            if REPEAT.name in document.headers and not self._is_occurrence(stem, documents)
        }
        overrides: dict[str, list[Document]] = {stem: [] for stem in series}
        alone: list[Document] = []
        for stem, document in documents.items():
            match = _OCCURRENCE.fullmatch(stem)
            if match and match[1] in series:
                overrides[match[1]].append(document)
            elif stem not in series:
                alone.append(document)
        made = [self._session(document, None, known) for document in alone]
        for stem, document in series.items():
            inputs = (document, tuple(overrides[stem]))
            expanded, problems = self._memo.get(
                ("series", stem),
                inputs,
                lambda: expand(inputs[0], inputs[1], self._zone),  # noqa: B023
            )
            self._problems.extend(problems)
            if stem in self._translations["sessions"]:
                self._check_age(document, self._translations["sessions"][stem])
            if all(problem.warning for problem in problems):
                self._check_translations_of_occurrences(stem, expanded)
            made += [self._session(occurrence, stem, known) for occurrence in expanded.values()]
        return [file for file in made if file is not None]

    def _check_translations_of_occurrences(self, series: str, occurrences: dict[str, Document]) -> None:
        for stem, translation in self._translations["sessions"].items():
            match = _OCCURRENCE.fullmatch(stem)
            if match and match[1] == series and stem not in occurrences:
                message = f"translates {stem}.md, which does not exist"
                hint = f"the rule in {series}.md has no occurrence on that day"
                self._tell(translation.path, message, hint)

    def _session(self, document: Document, series: str | None, known: References) -> SessionFile | None:
        stem = document.stem
        translation = self._translations["sessions"].get(stem)
        if translation is not None and stem in self._documents["sessions"]:
            self._check_age(self._documents["sessions"][stem], translation)
        if series is not None:
            translation = self._inherited_translation(document, translation, series)
        revision = self._revisions.of(self._behind(document, series))
        references = (
            *(known.trainings.get(name) for name in _names(document, TRAINING)),
            *(known.trainers.get(name) for name in _names(document, TRAINERS)),
        )
        inputs = (
            document,
            translation,
            series,
            revision,
            references,
            known.training_names,
            known.trainer_names,
        )
        file, problems = self._memo.get(
            ("session", stem),
            inputs,
            lambda: read_session(document, translation, known, self._zone, revision, series, self._notes),
        )
        self._problems.extend(problems)
        return None if document.problems else file

    def _inherited_translation(
        self, document: Document, translation: Document | None, series: str
    ) -> Document | None:
        """Return an occurrence's translation: that of the series serves for the texts that it inherits too."""
        base = self._translations["sessions"].get(series)
        if base is None:
            return translation
        path = self._documents["sessions"][series].path
        headers = {
            key: header
            for key, header in base.headers.items()
            if key not in document.headers or document.headers[key].path == path
        }
        base = replace(base, headers=headers, body=base.body if document.body_path == path else "")
        return translation.over(base) if translation else base

    def _behind(self, document: Document, series: str | None) -> Iterable[str]:
        """Yield the files, there or not, whose change is a change of this session."""
        stems = [f"sessions/{document.stem}"] + ([f"sessions/{series}"] if series else [])
        stems += [f"trainings/{name}" for name in _names(document, TRAINING)]
        stems += [f"trainers/{name}" for name in _names(document, TRAINERS)]
        for stem in stems:
            yield f"{stem}.md"
            yield f"{stem}.es.md"

    def _check_bookings(self, sessions: tuple[Session, ...]) -> None:
        for booking in double_bookings(sessions):
            document = self._document_of(booking.second)
            header = document.headers.get(TRAINERS.name)
            path, line = (header.path, header.line) if header else (document.path, 1)
            name = booking.trainer.name.en
            message = f"{name} holds {booking.first.id} at that time"
            hint = f"it is {wording.when(booking.first.period, Language.ENGLISH)}"
            self._problems.add(ContentProblem(path, line, TRAINERS.name, message, hint))

    def _tell(self, path: str, message: str, hint: str, *, warning: bool = False) -> None:
        """Note what is wrong with a file as a whole."""
        self._problems.add(ContentProblem(path, 1, None, message, hint, warning))

    def _document_of(self, session: Session) -> Document:
        documents = self._documents["sessions"]
        return documents.get(session.id) or documents[session.series or session.id]


def _by_start(session: Session) -> tuple[object, str]:
    return (session.period.start, session.id)


def _names(document: Document, key: ContentKey[Any]) -> list[str]:
    header = document.headers.get(key.name)
    return [name.strip() for name in header.value.split(",")] if header else []
