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
from schedule.model import Language

DOCUMENTS = (Path("README.md"), Path("docs/adding-a-session.md"))

_MADE = re.compile(r"(<!-- keys: (\S+) -->\n).*?(?=<!-- end of keys -->)", re.DOTALL)


class UnknownTable(SiteError):
    """A document asks for the keys of something that is no content type."""


def markdown(table: KeyTable) -> str:
    """Return a content type's keys as a table for people: what each says, and how to write it."""
    rows = ["| key | needed | what it says | how to write it |", "| --- | --- | --- | --- |"]
    for key in table.keys:
        hint = key.words.text(Language.ENGLISH).hint
        written = f"{key.kind.written}; also in Spanish" if key.translated else key.kind.written
        rows.append(f"| `{key.name}` |{' yes' if key.required else ''} | {hint} | {written} |")
    rows.append(
        f"| the text below | | {table.body.text(Language.ENGLISH).hint} | Markdown; also in Spanish |"
    )
    return "\n".join(rows) + "\n"


def updated(text: str) -> str:
    """Return a document with the tables that its marks ask for. Raises UnknownTable."""
    tables = {table.name: table for table in TABLES}

    def made(mark: re.Match[str]) -> str:
        if mark[2] not in tables:
            raise UnknownTable(f'there are no keys of "{mark[2]}"; there are: {", ".join(tables)}')
        return f"{mark[1]}\n{markdown(tables[mark[2]])}\n"

    return _MADE.sub(made, text)


def main() -> int:
    """Bring the documents up to date, and name those that have changed."""
    for document in DOCUMENTS:
        old = document.read_text(encoding="utf-8")
        new = updated(old)
        if new != old:
            document.write_text(new, encoding="utf-8")
            print(document)  # noqa: T201 - the command's result
    return 0


if __name__ == "__main__":
    sys.exit(main())
