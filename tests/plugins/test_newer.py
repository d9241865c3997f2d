# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is newer than what was kept: written alone, and whole again when it is read."""

from __future__ import annotations

import io
import pickle
from collections.abc import Hashable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from plugins.newer import Before
from plugins.pickler import DataclassPickler
from plugins.trainings.memo import Memo


@dataclass(frozen=True, slots=True)
class Text:
    """A text that many pages have."""

    number: int
    words: str = "a text that many pages have"


TEXTS = [Text(number) for number in range(4)]


def build(memo: Memo, inputs: dict[int, int]) -> None:
    """Make pages of rows, each of which several pages have."""

    def page(number: int) -> tuple[str, ...]:
        return tuple(
            memo.get(("row", row), inputs[number] % 2, lambda: f"{TEXTS[row]} {inputs[number]}")  # noqa: B023 - called at once
            for row in range(number % 4)
        )

    for number, value in inputs.items():
        memo.get(("page", number), (value, TEXTS[number % 4]), lambda: page(number))  # noqa: B023 - called at once
    memo.sweep()


def dumped(memo: Memo) -> bytes:
    """Return the file of a memo that is kept whole."""
    file = io.BytesIO()
    DataclassPickler(file, pickle.HIGHEST_PROTOCOL).dump(memo)
    return file.getvalue()


def read_again(memo: Memo) -> Memo:
    """Return what another process reads of a memo that is kept whole."""
    again = pickle.loads(dumped(memo))  # noqa: S301 - our own
    assert isinstance(again, Memo)
    return again


def written(before: Before, memo: Memo, with_it: object = None) -> io.BytesIO:
    """Return the file of what is newer in a memo, ready to be read."""
    newer = before.newer(memo)
    assert newer is not None
    file = io.BytesIO()
    before.save(newer, with_it, file)
    file.seek(0)
    return file


def plain(memo: Memo) -> dict[Hashable, tuple[object, ...]]:
    """Return results with their inputs and what they were made of, as values."""
    return {
        key: (inputs, made, [part[:2] for part in parts])
        for key, (inputs, made, parts, _) in memo.results.items()
    }


@given(st.lists(st.dictionaries(st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=4))
def test_what_is_newer_is_read_as_it_was_however_often_a_site_was_built_since(
    builds: list[dict[int, int]],
) -> None:
    memo = Memo()
    build(memo, dict.fromkeys(range(60), 0))
    whole = dumped(memo)
    for edits in builds:
        process = pickle.loads(whole)  # noqa: S301 - our own
        before = Before(process)
        build(process, {number: 0 for number in range(60) if number not in edits} | edits)
        if before.newer(process) is None:
            continue
        found, with_it = Before(pickle.loads(whole)).load(written(before, process, "history"))  # noqa: S301 - our own
        assert plain(found) == plain(process)
        assert with_it == "history"


def test_what_was_kept_before_is_the_same_object_in_what_is_newer() -> None:
    memo = Memo()
    build(memo, dict.fromkeys(range(60), 0))
    whole = dumped(memo)
    first = pickle.loads(whole)  # noqa: S301 - our own
    before = Before(first)
    row = first.results["row", 1]
    first.results["all"] = [row[1], [row[1]], (row,), None]

    second = pickle.loads(whole)  # noqa: S301 - our own
    found, _ = Before(second).load(written(before, first))
    inputs, made, parts, _ = found.results["all"]
    kept = second.results["row", 1]
    assert inputs is kept[1]
    assert made[0] is kept[1]
    assert parts[0] is kept


def test_it_is_small_while_little_is_newer() -> None:
    memo = Memo()
    build(memo, dict.fromkeys(range(1000), 0))
    process = read_again(memo)
    before = Before(process)
    build(process, {**dict.fromkeys(range(1000), 0), 7: 1})
    assert len(written(before, process).getvalue()) < len(dumped(memo)) / 20


def test_where_much_is_newer_all_is_kept_anew() -> None:
    memo = Memo()
    build(memo, dict.fromkeys(range(60), 0))
    before = Before(memo)
    build(memo, dict.fromkeys(range(60), 1))
    assert before.newer(memo) is None


def test_what_is_gone_is_gone() -> None:
    memo = Memo()
    build(memo, dict.fromkeys(range(60), 0))
    whole = dumped(memo)
    before = Before(memo)
    build(memo, dict.fromkeys(range(58), 0))
    found, _ = Before(pickle.loads(whole)).load(written(before, memo))  # noqa: S301 - our own
    assert plain(found) == plain(memo)
    assert ("page", 59) not in found.results
