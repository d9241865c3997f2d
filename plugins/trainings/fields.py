# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes values out of a content file's headers, and says what is wrong with them and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from plugins.trainings.frontmatter import Document, Header
from plugins.trainings.guesses import meant_key
from plugins.trainings.keys import ContentKey, KeyTable
from plugins.trainings.problems import BadValue, ContentProblem
from plugins.trainings.public import UNFIT_HINT
from schedule.calendar_text import unfit_for_calendar
from schedule.model import Localized

T = TypeVar("T")
Value = TypeVar("Value")


class Fields:
    """The headers of one file and of its translation, read key by key.

    A value that is missing or bad is noted in `problems` and reads as None whatever its type says:
    nothing may be built from these fields once `failed` is true.
    """

    def __init__(self, document: Document, translation: Document | None = None) -> None:
        self.document = document
        self.translation = translation
        self.problems: list[ContentProblem] = []
        self._meant = set(document.meant)

    @property
    def failed(self) -> bool:
        """Whether an error, not only a warning, was noted."""
        return any(not problem.warning for problem in self.problems)

    def check_names(self, table: KeyTable) -> None:
        """Note every key that a table does not have, and every one that is no text in a translation."""
        known, texts = table.names, table.translated_names
        labels = {
            words.label: key.name
            for key in table.keys
            for words in (key.words.en, key.words.es or key.words.en)
        }
        for name, header in self.document.headers.items():
            if name not in known:
                self._note(header, name, "unknown key", _nearest(name, known, labels))
                self._meant.add(meant_key(name, known, labels) or "")
        for name, header in self.translation.headers.items() if self.translation else ():
            if name in known and name not in texts:
                hint = "it is taken from the English file"
                self._note(header, name, "does not belong in a translation", hint)
            elif name not in known:
                self._note(header, name, "unknown key", _nearest(name, texts, labels))

    def has(self, key: ContentKey[Any]) -> bool:
        """Whether the key is given."""
        return key.name in self.document.headers

    def is_missing(self, key: ContentKey[Any]) -> bool:
        """Whether the key is not given, not even under another name, which is told already."""
        return not self.has(key) and key.name not in self._meant

    def __getitem__(self, key: ContentKey[Value]) -> Value:
        """Return the value of a key."""
        original = self._converted(key, self.document)
        if key.required and self.is_missing(key):
            self.error(key, "is missing", f'add a line "{key.name}: {key.kind.example}"')
        if not key.translated:
            return cast("Value", original)
        translation = self._converted(key, self.translation) if self.translation else None
        if original is None:
            header = self.translation.headers.get(key.name) if self.translation else None
            if header is not None and not key.required and not self.has(key):
                self._note(header, key.name, "has no English original", "give it in the English file, too")
            return cast("Value", None)
        return cast("Value", Localized(original, translation))

    def through(self, key: ContentKey[Value | None], make: Callable[[Value], T]) -> T | None:
        """Return what `make` makes of the value of a key; a BadValue that it raises is noted there."""
        value = self[key]
        if value is None:
            return None
        try:
            return make(value)
        except BadValue as bad:
            self.error(key, bad.message, bad.hint)
            return None

    def body(self) -> Localized[str]:
        """Return the text below the headers, with its translation."""
        for part in (self.document, self.translation):
            reason = unfit_for_calendar(part.body) if part else None
            if part and reason:
                self.problems.append(ContentProblem(part.body_path, part.body_line, None, reason, UNFIT_HINT))
        return Localized(self.document.body, (self.translation and self.translation.body) or None)

    def error(
        self, key: ContentKey[Any], message: str, hint: str | None = None, *, warning: bool = False
    ) -> None:
        """Note what is wrong with a key that could be read, or between several."""
        header = self.document.headers.get(key.name) or Header("", self.document.path, 1)
        self._note(header, key.name, message, hint, warning=warning)

    def result(self, made: T) -> tuple[T | None, tuple[ContentProblem, ...]]:
        """Return what was made of the fields, None if they failed, and all that is to be said of them."""
        return (None if self.failed else made), tuple(self.problems)

    def _converted(self, key: ContentKey[Any], document: Document) -> Any:
        header = document.headers.get(key.name)
        if header is None:
            return None
        try:
            return key.kind.convert(header.value)
        except BadValue as bad:
            self._note(header, key.name, bad.message, bad.hint)
            return None

    def _note(
        self, header: Header, key: str, message: str, hint: str | None = None, *, warning: bool = False
    ) -> None:
        hint = hint and hint.replace("{key}", key)
        self.problems.append(ContentProblem(header.path, header.line, key, message, hint, warning))


def _nearest(name: str, known: tuple[str, ...], labels: dict[str, str]) -> str:
    meant = meant_key(name, known, labels)
    return f'did you mean "{meant}"?' if meant else f"known here: {', '.join(known) or 'none'}"
