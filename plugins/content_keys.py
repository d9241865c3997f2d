# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the tables of content keys into the documents that explain them; `python -m plugins.content_keys`.

A document marks the place with `<!-- keys: NAME -->` and `<!-- end of keys -->`; what stands between is made.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from plugins.trainings.keys import KeyTable
from plugins.trainings.problems import SiteError
from plugins.trainings.tables import TABLES
from schedule.model import Language, Localized

DOCUMENTS = (Path("README.md"), Path("docs/adding-a-session.md"), Path("docs/adding-a-session.es.md"))

_MADE = re.compile(r"(<!-- keys: (\S+) -->\n).*?(?=<!-- end of keys -->)", re.DOTALL)
_PARTS = re.compile(r"(`[^`]+`|; [^`;]+)")
"""How to write a value, taken apart: what is code, what a semicolon adds, and the words around them."""

_HEADINGS = Localized(
    ("key", "needed", "what it says", "how to write it"),
    ("clave", "¿obligatoria?", "qué dice", "cómo se escribe"),
)
_YES = Localized("yes", "sí")
_BODY = Localized("the text below", "el texto de abajo")
_SPANISH = {
    " (also ": " (también ",
    " (also minutes, hours, weeks)": " (también minutes, hours, weeks)",
    " for a whole day": " si dura todo el día",
    " for the last day": " para el último día",
    " or ": " o ",
    ")": ")",
    ", or ": ", o ",
    ", without ": ", sin ",
    "; also in Spanish": "; también en español",
    "; put commas between several": "; si hay más, separe con comas",
    "Markdown": "Markdown",
    "`secret:NAME`": "`secret:NOMBRE`",
    "a date, as ": "una fecha, como ",
    "a rule of RFC 5545 with ": "una regla de RFC 5545 con ",
    "a whole number, 0 or more": "un número entero, 0 o más",
    "a whole number, 1 or more": "un número entero, 1 o más",
    "digits, as ": "dígitos, como ",
    "minutes, as ": "minutos, como ",
    "one line": "una línea",
    "one per line, indented, as ": "uno por línea, con sangría, como ",
    "one per line, indented": "uno por línea, con sangría",
    "the name of a file in ": "el nombre de un archivo de ",
}
"""How to write a value, in Spanish, by what it is in English: each part in words, and what is code if it differs."""


class UnknownTable(SiteError):
    """A document asks for the keys of something that is no content type."""


class NotInSpanish(SiteError):
    """How to write a value is said in words that have no Spanish here."""


def markdown(table: KeyTable, language: Language) -> str:
    """Return a content type's keys as a table for people: what each says, and how to write it. Raises NotInSpanish."""
    rows = [f"| {' | '.join(_HEADINGS.text(language))} |", "| --- | --- | --- | --- |"]
    for key in table.keys:
        needed = f" {_YES.text(language)}" if key.required else ""
        how = written(f"{key.kind.written}{'; also in Spanish' if key.translated else ''}", language)
        rows.append(f"| `{key.name}` |{needed} | {key.words.text(language).hint} | {how} |")
    how = written("Markdown; also in Spanish", language)
    rows.append(f"| {_BODY.text(language)} | | {table.body.text(language).hint} | {how} |")
    return "\n".join(rows) + "\n"


def written(how: str, language: Language) -> str:
    """Return how to write a value, which a content key says in English, in a language. Raises NotInSpanish."""
    if language is Language.ENGLISH:
        return how
    return "".join(_spanish(part) for part in _PARTS.split(how) if part)


def _spanish(part: str) -> str:
    if part not in _SPANISH and not part.startswith("`"):
        raise NotInSpanish(f'"{part}" has no Spanish in plugins/content_keys.py; add it there')
    return _SPANISH.get(part, part)


def language_of(document: Path) -> Language:
    """Return the language of a document: its file's name tells it, as that of a content file does."""
    return Language.SPANISH if document.name.endswith(".es.md") else Language.ENGLISH


def updated(text: str, language: Language) -> str:
    """Return a document with the tables that its marks ask for. Raises UnknownTable and NotInSpanish."""
    tables = {table.name: table for table in TABLES}

    def made(mark: re.Match[str]) -> str:
        if mark[2] not in tables:
            raise UnknownTable(f'there are no keys of "{mark[2]}"; there are: {", ".join(tables)}')
        return f"{mark[1]}\n{markdown(tables[mark[2]], language)}\n"

    return _MADE.sub(made, text)


def main() -> int:
    """Bring the documents up to date, and name those that have changed."""
    for document in DOCUMENTS:
        old = document.read_text(encoding="utf-8")
        new = updated(old, language_of(document))
        if new != old:
            document.write_text(new, encoding="utf-8")
            print(document)  # noqa: T201 - the command's result
    return 0


if __name__ == "__main__":
    sys.exit(main())
