# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept from build to build, and which files are written anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.trainings.memo import Memo
from plugins.trainings.output import DuplicateFile, FileState, Output, Standing, state_of


def counting(results: list[str], name: str) -> Callable[[], str]:
    """Return something that makes a text and notes that it was asked to."""

    def make() -> str:
        results.append(name)
        return f"made {name}"

    return make


def test_a_result_is_made_again_only_if_its_inputs_have_changed() -> None:
    memo, made = Memo(), list[str]()

    results = [
        memo.get("key", inputs, counting(made, name))
        for inputs, name in (
            ((1, "a"), "first"),
            ((1, "a"), "second"),
            ((2, "a"), "third"),
            ((1, "a"), "fourth"),
        )
    ]

    assert results == ["made first", "made first", "made third", "made fourth"]
    assert made == ["first", "third", "fourth"]


def test_a_result_may_be_nothing() -> None:
    memo, made = Memo(), list[str]()

    assert memo.get("key", 1, lambda: made.append("once")) is None
    assert memo.get("key", 1, lambda: made.append("twice")) is None
    assert made == ["once"]


def test_a_value_that_is_equal_to_the_last_one_is_the_same_object() -> None:
    memo, first, second = Memo(), ["a"], ["a"]
    memo.the_same("key", first)
    memo.sweep()

    assert memo.the_same("key", second) is first
    assert memo.the_same("key", ["b"]) == ["b"]


def test_what_failed_is_tried_again() -> None:
    memo = Memo()

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        memo.get("key", 1, fail)

    assert memo.get("key", 1, lambda: "yes") == "yes"


def test_what_no_build_asks_for_is_forgotten() -> None:
    memo, made = Memo(), list[str]()
    memo.get("kept", 1, counting(made, "kept"))
    memo.get("left", 1, counting(made, "left"))
    memo.sweep()
    memo.get("kept", 1, counting(made, "kept again"))
    memo.sweep()
    memo.get("kept", 1, counting(made, "kept once more"))
    memo.get("left", 1, counting(made, "left again"))

    assert made == ["kept", "left", "left again"]


def test_what_a_kept_result_was_made_of_is_kept_with_it() -> None:
    memo, made = Memo(), list[str]()

    def page() -> str:
        rows = memo.get("list", 1, lambda: memo.get("row", 1, counting(made, "row")))
        return rows + memo.get("menu", 1, counting(made, "menu"))

    def build(inputs: int) -> None:
        memo.get("page", inputs, page)
        memo.sweep()

    for inputs in (1, 1, 2):
        build(inputs)
    assert made == ["row", "menu"]
    assert memo.results.keys() == {"page", "list", "row", "menu"}

    memo.sweep()
    build(2)
    assert made == ["row", "menu"] * 2


def test_a_part_that_fails_is_no_part_of_what_is_made_instead() -> None:
    memo = Memo()

    def page(part: Callable[[], str]) -> str:
        return memo.get("row", 1, part)

    with pytest.raises(ZeroDivisionError):
        memo.get("page", 1, lambda: page(lambda: str(1 / 0)))
    memo.get("page", 1, lambda: "nothing")
    memo.get("row", 1, lambda: "row")
    memo.sweep()
    memo.get("page", 1, lambda: "again")
    memo.sweep()

    assert list(memo.results) == ["page"]


def known(file: Path) -> FileState:
    state = state_of(str(file))
    assert state is not None
    return state


def files(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_a_file_is_written_into_its_folder(tmp_path: Path) -> None:
    output = Output(tmp_path, Memo())
    output.add("a/b/index.html", 1, lambda: b"page")

    assert files(tmp_path) == {"a/b/index.html": b"page"}
    assert (output.paths, output.written) == ({"a/b/index.html"}, {"a/b/index.html"})


def test_the_next_output_leaves_out_what_has_the_same_inputs_and_stands(tmp_path: Path) -> None:
    memo, made = Memo(), list[str]()
    first = tmp_path / "1/output"
    standing = Standing(first)
    for number, changed in ((1, "old"), (2, "new")):
        root = tmp_path / str(number) / "output"
        root.mkdir(parents=True)
        output = Output(root, memo, standing=standing)
        output.add("same.html", "same", lambda: b"same")
        output.add("changed.html", changed, changed.encode)
        output.add("same-bytes.html", changed, lambda: made.append("again") or b"bytes")
        if number == 1:
            standing = Standing(first, {path: known(first / path) for path in output.paths})

    assert files(tmp_path) == {
        "1/output/same.html": b"same",
        "1/output/changed.html": b"old",
        "1/output/same-bytes.html": b"bytes",
        "2/output/changed.html": b"new",
    }
    assert (output.paths, output.made, output.written) == (
        {"same.html", "changed.html", "same-bytes.html"},
        {"changed.html", "same-bytes.html"},
        {"changed.html"},
    )
    assert made == ["again", "again"]


def test_two_outputs_of_one_build_do_not_take_each_others_files_for_their_own(tmp_path: Path) -> None:
    memo = Memo()
    for name in ("output", "build"):
        (tmp_path / name).mkdir()
        Output(tmp_path / name, memo).add("same.json", "same", name.encode)

    assert files(tmp_path) == {"output/same.json": b"output", "build/same.json": b"build"}


def test_two_pages_at_one_address_are_an_error_that_names_it(tmp_path: Path) -> None:
    output = Output(tmp_path, Memo())
    output.add("index.html", 1, lambda: b"first")

    with pytest.raises(DuplicateFile) as caught:
        output.add("index.html", 2, lambda: b"second")

    assert str(caught.value) == "two pages want the file index.html; rename one of them"
    assert files(tmp_path) == {"index.html": b"first"}


def test_private_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    Output(tmp_path, Memo(), mode=0o600).add("schedule.json", 1, lambda: b"{}")

    assert (tmp_path / "schedule.json").stat().st_mode & 0o777 == 0o600
