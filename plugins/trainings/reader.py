# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the content folder into a Schedule and the staff's pages; every problem in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from markupsafe import Markup

from plugins.trainings.article import StaffPage, read_article
from plugins.trainings.documents import Documents
from plugins.trainings.file_states import FileStates
from plugins.trainings.frontmatter import Document
from plugins.trainings.link_checks import LinkChecks
from plugins.trainings.memo import Memo
from plugins.trainings.notes import NoteRenderer
from plugins.trainings.pictures import Picture
from plugins.trainings.problems import ContentError, ContentProblem, Problems
from plugins.trainings.references import References
from plugins.trainings.revisions import Revisions
from plugins.trainings.session_files import SessionFiles
from plugins.trainings.tables import TEXTS
from plugins.trainings.targets import Targets
from plugins.trainings.text_checks import TextChecks
from plugins.trainings.trainer import read_trainer
from plugins.trainings.training import read_training
from plugins.trainings.translations import TranslationChecks, pictures_of_one_language
from schedule.model import LANGUAGES, ContactKind, Localized, Schedule, Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Content:
    """All that the content folder says."""

    schedule: Schedule
    articles: tuple[StaffPage, ...]
    notes: Mapping[str, Localized[Markup]]
    """For each session's id, its note as its page shows it, where it has one."""
    pictures: tuple[Picture, ...]
    """The pictures that texts show."""
    organizations: tuple[str, ...]
    """The names that the sign-up form offers."""
    warnings: tuple[ContentProblem, ...]
    revisions: Revisions
    """When the files behind a page last changed."""


def read_content(
    folder: Path,
    zone: ZoneInfo,
    revisions: Revisions,
    memo: Memo,
    notes: NoteRenderer,
    now: datetime,
    states: FileStates | None = None,
) -> Content:
    """Read the content folder as on the day `now` (UTC). Raises ContentError with all that is wrong in it.

    `states` knows what the files held when a build of this process read them last.
    """
    return _Reader(folder, zone, revisions, memo, notes, now, states or FileStates()).read()


class _Reader:
    def __init__(
        self,
        folder: Path,
        zone: ZoneInfo,
        revisions: Revisions,
        memo: Memo,
        notes: NoteRenderer,
        now: datetime,
        states: FileStates,
    ) -> None:
        self._memo = memo
        self._notes = notes
        self._revisions = revisions
        self._problems = Problems()
        self._documents = Documents(folder, memo, self._problems, states)
        self._translations = TranslationChecks(self._documents, revisions, memo)
        self._sessions = SessionFiles(self._documents, zone, revisions, memo, notes, now, self._problems)
        notes.markdown.show(self._documents.pictures)

    def read(self) -> Content:
        trainings = self._all("trainings", read_training)
        trainers = self._all("trainers", read_trainer)
        articles = [*self._all("parents", read_article).values(), *self._all("pages", read_article).values()]
        originals = self._documents.originals
        known = References(tuple(originals["trainings"]), tuple(originals["trainers"]), trainings, trainers)
        sessions = self._sessions.read(known)
        self._translations.check_ages()
        shown = self._check_texts()
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
        return Content(
            schedule,
            tuple(articles),
            notes,
            shown,
            self._documents.organizations,
            tuple(self._problems),
            self._revisions,
        )

    def _all(
        self,
        name: str,
        read: Callable[[Document, Document | None], tuple[T | None, tuple[ContentProblem, ...]]],
    ) -> dict[str, T]:
        """Make everything of one folder; what is wrong is noted and left out."""
        made: dict[str, T] = {}
        for stem, document in self._documents.originals[name].items():
            translation = self._documents.translations[name].get(stem)
            if translation is None and not document.unreadable:
                texts = [key for key in TEXTS[name] if key in document.headers]
                texts += ["the text"] if document.body else []
                hint = f"pages stand in both languages: write that file, with {', '.join(texts)} in Spanish"
                self._documents.tell(document.path, f"has no Spanish translation, {stem}.es.md", hint)
            if document.unreadable or (translation is not None and translation.unreadable):
                continue
            inputs = (document, translation)
            content, problems = self._memo.get((name, stem), inputs, partial(read, *inputs))
            self._problems.extend(problems)
            if content is not None and not document.problems:
                made[stem] = content
        return made

    def _check_texts(self) -> tuple[Picture, ...]:
        """Note what is wrong in the texts, and return the pictures that they show."""
        documents = self._documents
        markdown = self._notes.markdown
        targets = Targets(
            documents.originals, documents.translations, self._sessions.notes, sign_up=markdown.sign_up
        )
        checks = TextChecks(markdown, self._memo)
        shown: set[str] = set()
        for section, originals in documents.originals.items():
            translations = documents.translations[section]
            for stem in dict.fromkeys((*originals, *translations)):
                pair = [
                    (found.get(stem), language)
                    for found, language in zip((originals, translations), LANGUAGES, strict=True)
                ]
                texts: list[tuple[Document, dict[str, int]]] = []
                for document, language in pair:
                    if document is None or document.unreadable:
                        continue
                    examined = checks.examine(document)
                    self._problems.extend(examined.problems)
                    if examined.links:
                        address = targets.address(section, stem, language)
                        links = LinkChecks(targets, markdown, address, language, self._notes.site_url)
                        self._problems.extend(links.problems(document.path, examined.links))
                    shown.update(name for name, _ in examined.pictures)
                    if document.body:
                        texts.append((document, dict(examined.pictures)))
                if len(texts) == len(LANGUAGES):
                    self._problems.extend(pictures_of_one_language(texts[0], texts[1]))
        for name in documents.pictures.keys() - shown:
            path = f"content/images/{name}"
            documents.tell(
                path,
                "no text shows this picture",
                f'write "![what it shows](/images/{name})" in one, or delete it',
                warning=True,
            )
        return tuple(picture for name, picture in documents.pictures.items() if name in shown)


def _by_start(session: Session) -> tuple[object, str]:
    return (session.period.start, session.id)
