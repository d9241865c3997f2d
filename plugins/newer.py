# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pickles what is newer than the results that were kept before, and refers to these by number."""

from __future__ import annotations

import pickle
from collections.abc import Hashable
from itertools import compress, count
from operator import is_not, itemgetter
from typing import Any, BinaryIO

from plugins.pickler import DataclassPickler
from plugins.trainings.memo import Memo, Result

MOST = 0.25
"""How much may be newer, as a share of what was kept before; where it is more, all is kept anew."""

Newer = tuple[list[int], dict[Hashable, Result]]
"""The places of the results that are gone, and those that were not there before."""


class Before:
    """What was kept before, in its order.

    The number of the nth result is 2n, and that of what was made in it 2n + 1.
    """

    def __init__(self, memo: Memo) -> None:
        self._keys, self._results = list(memo.results), list(memo.results.values())
        # There are a hundred thousand of them, so loops are left to functions that are written in C, here and below.
        self._numbers = dict(zip(map(id, self._results), count(0, 2), strict=False))

    def newer(self, memo: Memo) -> Newer | None:
        """Return what is newer in the memo, which has gone on from here; None if that is much."""
        new = {key: result for key, result in memo.results.items() if id(result) not in self._numbers}
        if len(new) > MOST * len(self._results):
            return None
        is_gone = map(is_not, self._results, map(memo.results.get, self._keys))
        return list(compress(count(), is_gone)), new

    def save(self, newer: Newer, with_it: object, opened: BinaryIO) -> None:
        """Write what is newer, and something else with it."""
        made = dict(zip(map(id, map(itemgetter(1), self._results)), count(1, 2), strict=False))
        _Pickler(made | self._numbers, opened).dump((newer, with_it))

    def load(self, opened: BinaryIO) -> tuple[Memo, Any]:
        """Return the memo that has gone on from here, and what was saved with it."""
        (gone, new), with_it = _Unpickler(self._results, opened).load()
        memo = Memo()
        memo.results = dict(zip(self._keys, self._results, strict=True))
        for place in gone:
            del memo.results[self._keys[place]]
        memo.results |= new
        return memo, with_it


class _Pickler(DataclassPickler):
    """Writes the number of what was kept in its place."""

    def __init__(self, numbers: dict[int, int], opened: BinaryIO) -> None:
        super().__init__(opened, pickle.HIGHEST_PROTOCOL)
        self._numbers = numbers

    def persistent_id(self, obj: object) -> int | None:
        """Return the number of what was kept before; None for all else."""
        return self._numbers.get(id(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, kept: list[Result], opened: BinaryIO) -> None:
        super().__init__(opened)
        self._kept = kept

    def persistent_load(self, pid: int) -> Any:
        """Return what a number was written for."""
        place, alone = divmod(pid, 2)
        result = self._kept[place]
        return result[1] if alone else result
