# SPDX-License-Identifier: AGPL-3.0-or-later
"""The theme's translations, from gettext's PO files to what templates call."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from plugins.trainings.memo import Memo
from plugins.trainings.problems import SiteError
from schedule.model import DEFAULT_LANGUAGE, LANGUAGES, Language
from schedule.site import Catalogue


class CatalogueError(SiteError):
    """A translation file that cannot be read."""


def read_catalogues(theme: Path, memo: Memo) -> dict[Language, Catalogue]:
    """Read all of `theme/translations/LANGUAGE/LC_MESSAGES/*.po`; the original language needs no file."""
    return {
        language: _read(theme / "translations" / language / "LC_MESSAGES", language, memo)
        for language in LANGUAGES
    }


def _read(folder: Path, language: Language, memo: Memo) -> Catalogue:
    files = sorted(folder.glob("*.po"))
    if not files and language is not DEFAULT_LANGUAGE:
        raise CatalogueError(f"{folder}: there is no translation for the pages in “{language}”; add theme.po")
    texts = tuple((file, file.read_bytes()) for file in files)
    return memo.get(("catalogue", language), texts, lambda: Catalogue(_messages(texts)))


def _messages(texts: tuple[tuple[Path, bytes], ...]) -> dict[str, tuple[str, ...]]:
    messages: dict[str, tuple[str, ...]] = {}
    for file, text in texts:
        try:
            catalogue = read_po(BytesIO(text), abort_invalid=True)
        except (PoFileError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{file}: {error}") from error
        for message in catalogue:
            if message.id and message.string and not message.fuzzy:
                key = message.id if isinstance(message.id, str) else message.id[0]
                several = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                messages[key] = several
    return messages
