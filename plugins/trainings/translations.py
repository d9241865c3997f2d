# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether the texts of a file and of its translation still say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from plugins.trainings import frontmatter
from plugins.trainings.documents import Documents
from plugins.trainings.frontmatter import Document
from plugins.trainings.memo import Memo
from plugins.trainings.problems import ContentProblem
from plugins.trainings.revisions import Revisions


class TranslationChecks:
    """Compares originals with their translations; only texts are translated, so only they make one old."""

    def __init__(self, documents: Documents, revisions: Revisions, memo: Memo) -> None:
        self._documents = documents
        self._revisions = revisions
        self._memo = memo

    def check_ages(self) -> None:
        """Warn of each translation whose original has other texts than when the translation was made."""
        for section, originals in self._documents.originals.items():
            for stem, translation in self._documents.translations[section].items():
                document = originals.get(stem)
                if document is not None and not document.unreadable and self._is_old(document, translation):
                    message = f"{Path(document.path).name} has changed since this translation was made"
                    hint = "bring it up to date, or save it again if nothing has to change"
                    self._documents.tell(translation.path, message, hint, warning=True)

    def _is_old(self, document: Document, translation: Document) -> bool:
        own, other = (self._documents.below(one.path) for one in (translation, document))
        if not self._revisions.older(own, other):
            return False
        state = self._revisions.state
        text = self._memo.get(("before", other), state, lambda: self._revisions.text_with(own, other))
        if text is None:
            return True
        before = frontmatter.parse(text, document.path, document.stem, tuple(document.headers))
        return self._documents.words(before) != self._documents.words(document)


def pictures_of_one_language(
    *texts: tuple[Document, Mapping[str, int]],
) -> Iterator[ContentProblem]:
    """Yield a warning for each picture that only one of two texts shows; the English one comes first."""
    for number, language in enumerate(("English", "Spanish")):
        (own, pictures), (other, others) = texts[number], texts[1 - number]
        for name, line in pictures.items():
            if name not in others:
                message = f"the picture {name} is in the {language} text alone"
                hint = f"show it in {other.path} too"
                yield ContentProblem(own.path, line, None, message, hint, warning=True)
