# SPDX-License-Identifier: AGPL-3.0-or-later
"""A content file taken apart, every header with its line."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.trainings.frontmatter import Document, Header, parse, read
from plugins.trainings.problems import ContentProblem

PATH = "content/pages/a.md"


def document(
    headers: dict[str, tuple[str, int]], body: str, line: int, *problems: ContentProblem
) -> Document:
    placed = {key: Header(value, PATH, number) for key, (value, number) in headers.items()}
    return Document(PATH, "a", placed, body, PATH, line, problems)


def test_headers_end_at_the_first_empty_line_and_the_text_knows_where_it_begins() -> None:
    assert parse("Title: A: b\nSummary:  two  words \n\n\nText: not a key\n", PATH, "a") == document(
        {"Title": ("A: b", 1), "Summary": ("two  words", 2)}, "Text: not a key", 5
    )


def test_indented_lines_continue_a_value() -> None:
    for listed in ("Topics:\n- One\n- Two\nOrder: 1\n", "Topics:\n  * One\n  * Two\nOrder: 1\n"):
        assert parse(listed, PATH, "a") == document({"Topics": ("One\nTwo", 1), "Order": ("1", 4)}, "", 6)
    assert parse("Topics:\n    One\n\tTwo\nOrder: 1\n", PATH, "a") == document(
        {"Topics": ("One\nTwo", 1), "Order": ("1", 4)}, "", 6
    )


def test_a_file_that_begins_with_an_empty_line_has_only_text() -> None:
    assert parse("\nTitle: not a key\n", PATH, "a") == document({}, "Title: not a key", 2)


def test_an_empty_file_has_nothing() -> None:
    assert parse("", PATH, "a") == document({}, "", 2)


def test_line_ends_of_every_system_are_alike() -> None:
    unix = "Title: A\nOrder: 1\n\nOne\n\nTwo\n"

    assert parse(unix.replace("\n", "\r\n"), PATH, "a") == parse(unix, PATH, "a")
    assert parse(unix.replace("\n", "\r"), PATH, "a") == parse(unix, PATH, "a")


def test_a_line_that_is_no_header_is_a_problem_and_the_rest_is_read() -> None:
    problem = ContentProblem(
        PATH,
        2,
        None,
        '"Order 1" is not a "Key: value" line',
        "an empty line separates the keys from the text",
    )

    assert parse("Title: A\nOrder 1\nBadge: B\n\nText\n", PATH, "a") == document(
        {"Title": ("A", 1), "Badge": ("B", 3)}, "Text", 5, problem
    )


def test_a_key_that_stands_twice_is_a_problem_that_names_both_lines() -> None:
    problem = ContentProblem(PATH, 3, "Title", "stands twice, first in line 1", "keep one of them")

    assert parse("Title: A\nOrder: 1\nTitle: B\n", PATH, "a").problems == (problem,)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "a.es.md"
    file.write_bytes("\ufeffTitle: Añil\n".encode())

    assert read(file, PATH) == document({"Title": ("Añil", 1)}, "", 3)


def test_a_file_that_is_not_utf_8_is_a_problem_at_the_line_of_the_first_wrong_byte(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("Title: A\nSummary: Añil\n".encode("latin-1"))
    problem = ContentProblem(PATH, 2, None, "the file is not UTF-8", "save it with the encoding UTF-8")

    assert read(file, PATH) == Document(PATH, "a", {}, "", PATH, 2, (problem,), unreadable=True)


def test_a_file_laid_over_another_inherits_headers_and_text_with_their_places() -> None:
    base = parse("Title: A\nOrder: 1\n\nBase text\n", "content/pages/base.md", "base")
    over = parse("Order: 2\n", PATH, "a").over(base)

    assert over == Document(
        PATH,
        "a",
        {"Title": Header("A", "content/pages/base.md", 1), "Order": Header("2", PATH, 1)},
        "Base text",
        "content/pages/base.md",
        4,
    )


def test_a_file_laid_over_another_keeps_its_own_text() -> None:
    base = parse("Title: A\n\nBase text\n", "content/pages/base.md", "base")

    assert parse("\nOwn text\n", PATH, "a").over(base) == Document(
        PATH, "a", {"Title": Header("A", "content/pages/base.md", 1)}, "Own text", PATH, 2
    )


keys = st.from_regex(r"[A-Z][a-z]{1,8}(-[A-Z][a-z]{1,5})?", fullmatch=True)
values = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=30).map(str.strip)


@settings(deadline=None)
@given(st.dictionaries(keys, values, max_size=6), values)
def test_what_is_written_is_what_is_read(headers: dict[str, str], body: str) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in headers.items()) + f"\n{body}\n"

    assert parse(text, PATH, "a") == document(
        {key: (value, number) for number, (key, value) in enumerate(headers.items(), 1)},
        body,
        len(headers) + (2 if body else 3),
    )
