# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of `sessions/` as sessions: series with their occurrences, translations, and who would be in two places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from plugins.trainings import values
from plugins.trainings.documents import Documents
from plugins.trainings.frontmatter import Document
from plugins.trainings.keys import ContentKey
from plugins.trainings.memo import Memo
from plugins.trainings.notes import NoteRenderer
from plugins.trainings.problems import ContentProblem, Problems
from plugins.trainings.references import References
from plugins.trainings.revisions import Revisions
from plugins.trainings.series import REPEAT, expand
from plugins.trainings.session import TRAINERS, TRAINING, SessionFile, read_session
from plugins.trainings.session_times import START
from schedule import wording
from schedule.model import Language, Localized, Session, double_bookings


class SessionFiles:
    """Reads the sessions' files; `notes` holds the texts of all sessions' pages once they are read."""

    def __init__(
        self,
        documents: Documents,
        zone: ZoneInfo,
        revisions: Revisions,
        memo: Memo,
        renderer: NoteRenderer,
        now: datetime,
        problems: Problems,
    ) -> None:
        self.notes: dict[str, Localized[str]] = {}
        self._documents = documents
        self._zone = zone
        self._revisions = revisions
        self._memo = memo
        self._renderer = renderer
        self._now = now
        self._problems = problems

    def read(self, known: References) -> list[SessionFile]:
        """Return all sessions that could be made of their files."""
        made = self._sessions(known)
        self._check_bookings([file.session for file in made])
        return made

    def _sessions(self, known: References) -> list[SessionFile]:
        documents = self._documents.originals["sessions"]
        series = {
            stem: document
            for stem, document in documents.items()
            if REPEAT.name in document.headers and not self._documents.of_occurrence(stem)
        }
        overrides: dict[str, list[Document]] = {stem: [] for stem in series}
        made: list[SessionFile | None] = []
        for stem, document in documents.items():
            name = self._documents.of_occurrence(stem)
            if name in overrides:
                overrides[name].append(document)
            elif stem not in series and not document.unreadable:
                file, problems = self._session(document, None, known)
                self._problems.extend(problems)
                made.append(file)
        for stem, document in series.items():
            made += self._series(document, tuple(overrides[stem]), known)
        return [file for file in made if file is not None]

    def _series(
        self, document: Document, overrides: tuple[Document, ...], known: References
    ) -> list[SessionFile | None]:
        stem = document.stem
        expanded, problems = self._memo.get(
            ("series", stem), (document, overrides), lambda: expand(document, overrides, self._zone)
        )
        self._problems.extend(problems)
        if all(problem.warning for problem in problems):
            self._check_translations_of_occurrences(stem, expanded)
        unreadable = {one.stem for one in overrides if one.unreadable}
        made: list[SessionFile | None] = []
        told = set[tuple[object, ...]]()
        for name, occurrence in expanded.items():
            if name not in unreadable:
                file, problems = self._session(occurrence, stem, known)
                made.append(file)
                # What is wrong in the series' file is wrong on each of its dates, and told once.
                places = {problem: (problem.path, problem.line, problem.key) for problem in problems}
                self._problems.extend(problem for problem in problems if places[problem] not in told)
                told.update(places.values())
        header = document.headers.get(START.name)
        if (
            header
            and made
            and all(file and file.session.period.end <= self._written(header.path) for file in made)
        ):
            message, hint = "all dates of the series are in the past", "is the year right?"
            self._problems.add(
                ContentProblem(header.path, header.line, START.name, message, hint, warning=True)
            )
        return made

    def _check_translations_of_occurrences(self, series: str, occurrences: dict[str, Document]) -> None:
        for stem, translation in self._documents.translations["sessions"].items():
            if self._documents.of_occurrence(stem) == series and stem not in occurrences:
                message = f"translates {stem}.md, which does not exist"
                hint = f"the rule in {series}.md has no occurrence on that day"
                self._documents.tell(translation.path, message, hint)

    def _session(
        self, document: Document, series: str | None, known: References
    ) -> tuple[SessionFile | None, tuple[ContentProblem, ...]]:
        stem = document.stem
        translation = self._documents.translations["sessions"].get(stem)
        if series is not None:
            translation = self._inherited_translation(document, translation, series)
        trainings, trainers = _names(document, TRAINING), _names(document, TRAINERS)
        revision = self._revisions.of(_behind(stem, series, trainings, trainers))
        references = (*map(known.trainings.get, trainings), *map(known.trainers.get, trainers))
        written = self._written(_place(document, START))
        inputs = (
            document,
            translation,
            series,
            revision,
            references,
            known.training_names,
            known.trainer_names,
            written,
            self._documents.pictures,
        )
        self.notes[stem] = Localized(document.body, (translation and translation.body) or None)
        file, problems = self._memo.get(
            ("session", stem),
            inputs,
            lambda: read_session(
                document, translation, known, self._zone, revision, series, self._renderer, written
            ),
        )
        return (None if document.problems else file), problems

    def _written(self, path: str) -> datetime:
        """Return when a file was last changed, or the time of the build if that is earlier."""
        return min(self._now, self._revisions.of([self._documents.below(path)]).time)

    def _inherited_translation(
        self, document: Document, translation: Document | None, series: str
    ) -> Document | None:
        """Return an occurrence's translation: that of the series serves for the texts that it inherits too."""
        base = self._documents.translations["sessions"].get(series)
        if base is None:
            return translation
        path = self._documents.originals["sessions"][series].path
        headers = {
            key: header
            for key, header in base.headers.items()
            if key not in document.headers or document.headers[key].path == path
        }
        base = replace(base, headers=headers, body=base.body if document.body_path == path else "")
        return translation.over(base) if translation else base

    def _check_bookings(self, sessions: Iterable[Session]) -> None:
        told = set[tuple[str, str, str]]()
        for booking in double_bookings(tuple(sessions)):
            # Two series that meet once meet again and again.
            pair = booking.first.series or booking.first.id, booking.second.series or booking.second.id
            if (booking.trainer.slug, *pair) in told:
                continue
            told.add((booking.trainer.slug, *pair))
            documents = self._documents.originals["sessions"]
            document = documents.get(booking.second.id) or documents[booking.second.series or ""]
            header = document.headers.get(TRAINERS.name)
            path, line = (header.path, header.line) if header else (document.path, 1)
            name = booking.trainer.name.en
            message = f"{name} holds {booking.first.id} at that time"
            hint = f"it is {wording.when(booking.first.period, Language.ENGLISH)}"
            self._problems.add(ContentProblem(path, line, TRAINERS.name, message, hint))


def _place(document: Document, key: ContentKey[Any]) -> str:
    """Return the file that a key stands in: an occurrence inherits most of them."""
    header = document.headers.get(key.name)
    return header.path if header else document.path


def _names(document: Document, key: ContentKey[Any]) -> tuple[str, ...]:
    """Return the names that a key refers to, whether or not there is anything of that name."""
    header = document.headers.get(key.name)
    return _listed(header.value) if header else ()


@lru_cache(maxsize=1024)  # many sessions name the same few
def _listed(value: str) -> tuple[str, ...]:
    return tuple(map(values.reference("").convert, value.split(",")))


def _behind(
    stem: str, series: str | None, trainings: Iterable[str], trainers: Iterable[str]
) -> Iterator[str]:
    """Yield the files, there or not, whose change is a change of a session."""
    sessions = (stem, series) if series else (stem,)
    for folder, stems in (("sessions", sessions), ("trainings", trainings), ("trainers", trainers)):
        for name in stems:
            yield f"{folder}/{name}.md"
            yield f"{folder}/{name}.es.md"
