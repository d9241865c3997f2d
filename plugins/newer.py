# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pickles what is newer than the results that were kept before, and refers to these by number."""

from __future__ import annotations

import pickle
from collections.abc import Hashable
from typing import Any, BinaryIO

from plugins.trainings.memo import Memo, Result

MOST = 0.25
"""How much may be newer, as a share of what was kept before; where it is more, all is kept anew."""

Kept = list[tuple[Hashable, Result]]


Newer = tuple[list[int], dict[Hashable, Result]]
"""The numbers of the results that are gone, and those that were not there before."""


class Before:
    """What was kept before, in its order: the place of a result is its number."""

    def __init__(self, memo: Memo) -> None:
        self._kept: Kept = list(memo.results.items())

    def newer(self, memo: Memo) -> Newer | None:
        """Return what is newer in the memo, which has gone on from here; None if that is much."""
        known = {id(result) for _, result in self._kept}
        now = {id(result) for result in memo.results.values()}
        if len(now - known) > MOST * len(known):
            return None
        gone = [number for number, (_, result) in enumerate(self._kept) if id(result) not in now]
        return gone, {key: result for key, result in memo.results.items() if id(result) not in known}

    def save(self, newer: Newer, with_it: object, opened: BinaryIO) -> None:
        """Write what is newer, and something else with it."""
        _Pickler(self._kept, opened).dump((newer, with_it))

    def load(self, opened: BinaryIO) -> tuple[Memo, Any]:
        """Return the memo that has gone on from here, and what was saved with it."""
        (gone, results), with_it = _Unpickler(self._kept, opened).load()
        memo = Memo()
        memo.results = dict(self._kept)
        for number in gone:
            del memo.results[self._kept[number][0]]
        memo.results |= results
        return memo, with_it


class _Pickler(pickle.Pickler):
    """Writes 2n in the place of the nth result that was kept, whole, and 2n + 1 in that of what was made in it."""

    def __init__(self, kept: Kept, opened: BinaryIO) -> None:
        super().__init__(opened, pickle.HIGHEST_PROTOCOL)
        self._numbers = {id(result[1]): 2 * number + 1 for number, (_, result) in enumerate(kept)}
        self._numbers |= {id(result): 2 * number for number, (_, result) in enumerate(kept)}

    def persistent_id(self, obj: object) -> int | None:
        """Return the number of what was kept before; None for all else."""
        return self._numbers.get(id(obj))


class _Unpickler(pickle.Unpickler):
    def __init__(self, kept: Kept, opened: BinaryIO) -> None:
        super().__init__(opened)
        self._kept = kept

    def persistent_load(self, pid: int) -> Any:
        """Return what a number was written for."""
        number, alone = divmod(pid, 2)
        result = self._kept[number][1]
        return result[1] if alone else result
