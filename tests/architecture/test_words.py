# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that are out stay out: what people read, here and on the site, says one thing in one way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.test_translations import wanted
from tests.support.constants import ROOT

# What a text says in their place.
OUT = {
    r"(?i)e-mail": "email",
    r"(?i)\bmails\b": "emails",
    r"(?i)\b(?:our|a|the|one|each|no) mail\b": "email",
    r"(?i)\bmail (?:server|program)s?\b": "email server, email program",
    r"\bHeld in\b": "Language",
    r"\bFind a date\b": "See the dates",
    r"(?i)\bwhom to call\b": "who to call",
    r"\b(?:to|for) who\b": "to people who, for people who",
    r"(?<!person )(?<!somebody )\bwho waits\b": "people who wait",
    r"\bnought\b": "zero",
    r"(?i)\bupkeep\b": "maintenance",
    "[«»]": "“ ”",
}
# In prose alone: a content file, the contract and names in code have the other spelling.
OUT_OF_PROSE = {r"(?i)(?<!Status: )(?<!`)\bcancelled\b(?!`)": "canceled"}
ALLOWED = {
    # The quotation marks that a name may hold.
    "functions/register/domain/names.py": "[«»]",
}
PROSE = (
    "*.md",
    "docs/**/*.md",
    "infra/*.md",
    "content/pages/*.md",
    "content/parents/*.md",
    "content/trainings/*.md",
)
TEXTS = (
    *PROSE,
    "*.py",
    "content/**/*.md",
    "functions/**/*.py",
    "infra/*",
    "plugins/**/*.py",
    "schedule/**/*.py",
    "theme/**/*.html",
    "theme/**/*.js",
    "theme/**/*.po",
    "theme/**/*.txt",
)


def found_in(text: str, words: dict[str, str]) -> list[str]:
    """Return the words of a text that are out, each with its line and what to say in its place."""
    return [
        f"{text.count(chr(10), 0, match.start()) + 1}: {match[0]!r}, say {instead}"
        for pattern, instead in words.items()
        for match in re.finditer(pattern, text)
    ]


def allowed_words(path: Path, words: dict[str, str]) -> dict[str, str]:
    """Return the words that are out of a file: all but what it may have."""
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix())
    return {pattern: instead for pattern, instead in words.items() if pattern != allowed}


def files(patterns: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of the project at these places."""
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}):
        if "__pycache__" not in path.parts:
            yield path


@pytest.mark.parametrize(("patterns", "words"), [(TEXTS, OUT), (PROSE, OUT_OF_PROSE)], ids=["texts", "prose"])
def test_no_text_of_the_project_has_a_word_that_is_out(
    patterns: tuple[str, ...], words: dict[str, str]
) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): wrong
        for path in files(patterns)
        if (wrong := found_in(path.read_text(encoding="utf-8"), allowed_words(path, words)))
    }
    assert found == {}


def test_nothing_that_pages_emails_and_calendars_say_has_a_word_that_is_out() -> None:
    assert {message: wrong for message in wanted() if (wrong := found_in(message, OUT | OUT_OF_PROSE))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Your e-mail address",
        "Get our mail again",
        "We send no mails.",
        "a mail server",
        "Held in Spanish",
        "Find a date",
        "Whom to call",
        "mails to who has none",
        "a link for who has a seat",
        "It goes to the first who waits.",
        "This date is cancelled.",
        "«Sí»",
    ],
)
def test_a_word_that_is_out_is_found(text: str) -> None:
    assert found_in(text, OUT | OUT_OF_PROSE)


@pytest.mark.parametrize(
    "text",
    [
        "`REGISTER_MAIL`, mail/text.py and mail.po",
        "The talk is held in Spanish.",
        "the first person who waits",
        "who it is for",
        "Status: cancelled",
        "`scheduled` or `cancelled` (also `canceled`)",
    ],
)
def test_names_and_plain_english_may_stay(text: str) -> None:
    assert found_in(text, OUT | OUT_OF_PROSE) == []
