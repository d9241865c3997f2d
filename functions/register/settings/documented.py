# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the table of settings between its two marks in docs/operations.md; `python -m register.settings.documented`."""

from __future__ import annotations

import re
from pathlib import Path

from register.settings.config import SETTINGS

DOCUMENT = Path("docs/operations.md")


def updated(text: str) -> str:
    """Return the document with the table as it should be."""
    rows = [f"| `{row.name}` | {row.without} | {row.what} |" for row in SETTINGS.values()]
    table = "\n".join(["| variable | without it | what it is |", "| --- | --- | --- |", *rows])
    made = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- end of settings -->)", re.DOTALL)
    return made.sub(lambda _: f"\n{table}\n\n", text)


if __name__ == "__main__":
    DOCUMENT.write_text(updated(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
