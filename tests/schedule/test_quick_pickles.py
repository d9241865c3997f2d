# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is pickled quickly comes back as it was, and as the very same objects where it was those."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass

import pytest

from schedule.quick_pickles import quick


@dataclass(frozen=True, slots=True)
class Place:
    room: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Place):
    title: str
    after: Meeting | None = None


def test_fields_its_own_and_those_that_it_inherits_come_back() -> None:
    first = Meeting(room="A", title="First")
    pair = (first, Meeting(room="B", title="Second", after=first))

    found = pickle.loads(pickle.dumps(pair))  # noqa: S301 - its own

    assert found == pair
    assert found[1].after is found[0]


def test_what_comes_back_is_frozen() -> None:
    found = pickle.loads(pickle.dumps(Meeting(room="A", title="First")))  # noqa: S301 - its own

    with pytest.raises(FrozenInstanceError):
        found.title = "Another"
