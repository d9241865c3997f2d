# SPDX-License-Identifier: AGPL-3.0-or-later
"""The records of releases: which one people see, which one comes back, and what it shows that is no longer so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.deployment.errors import DeployError, Refused
from infra.deployment.releases import (
    LOOKED_AT,
    Release,
    ReleasedFile,
    Releases,
    before,
    differing,
    newest,
    told,
)
from tests.support.cloud_fakes import MemoryBucket


def release(number: int, shows: int = 0, *, done: bool = True) -> Release:
    return Release(number, shows or number, "c1", "2026-11-30T20:00:00+00:00", f"packages/{number}.zip", done)


def test_a_record_comes_back_as_it_was_written() -> None:
    bucket = MemoryBucket()
    releases = Releases(bucket)
    files = {"index.html": ReleasedFile("md5", "v1", "text/html", "public")}
    begun = replace(release(1, done=False), sessions={"overview": "S to E, scheduled"})
    releases.begin(begun)
    assert releases.last() == [begun]

    assert releases.finish(replace(begun, files=files)) == replace(begun, files=files, done=True)
    releases.begin(release(2))
    assert releases.last() == [replace(begun, files=files, done=True), release(2)]


def test_two_deployments_cannot_begin_the_same_release() -> None:
    releases = Releases(MemoryBucket())
    releases.begin(release(1, done=False))
    with pytest.raises(Refused) as caught:
        releases.begin(release(1, done=False))

    assert "somebody else deploys at this moment; when they are done, do it again" in str(caught.value)


def test_records_of_releases_that_cannot_come_back_are_not_read() -> None:
    bucket = MemoryBucket()
    bucket.put("releases/000001.json", b"of an earlier form", "", "")
    releases = Releases(bucket)
    for number in range(2, LOOKED_AT + 2):
        releases.begin(release(number))

    assert [one.number for one in releases.last()] == [*range(2, LOOKED_AT + 2)]


def test_a_record_that_cannot_be_read_is_named() -> None:
    bucket = MemoryBucket()
    bucket.put("releases/000001.json", b'{"number": 1}', "", "")
    with pytest.raises(DeployError) as caught:
        Releases(bucket).last()

    assert str(caught.value) == (
        "releases/000001.json in the bucket of the packages cannot be read (KeyError); "
        "delete it there, then do it again"
    )


@pytest.mark.parametrize(
    ("history", "shown", "back"),
    [
        ([], None, None),
        ([release(1)], 1, None),
        ([release(1), release(2)], 2, 1),
        # After a way back, the next one leads further back, not forth again.
        ([release(1), release(2), release(3), release(4, shows=2)], 4, 1),
        # What was deployed after a way back goes back to what was seen before it.
        ([release(1), release(2), release(3, shows=1), release(4)], 4, 3),
        # An upload that broke off was not seen as a whole: the way back is to what was.
        ([release(1), release(2), release(3, done=False)], 2, 2),
        ([release(1, done=False)], None, None),
    ],
)
def test_the_way_back_leads_to_what_people_saw_before(
    history: list[Release], shown: int | None, back: int | None
) -> None:
    found, target = newest(history), before(history)

    assert (found and found.number, target and target.number) == (shown, back)


def test_what_a_release_shows_that_is_no_longer_so_is_told_in_words() -> None:
    then = replace(
        release(1), sessions={"a": "S to E, scheduled", "b": "S to E, scheduled", "gone": "S to E, scheduled"}
    )
    now = replace(
        release(2), sessions={"a": "S to E, cancelled", "b": "S to E, scheduled", "new": "S to E, scheduled"}
    )
    history = [then, now, replace(then, number=3)]

    assert told(history) == now.sessions
    assert differing(then, told(history)) == [
        "a: shown as S to E, scheduled; people have been told S to E, cancelled",
        "new: not shown; people have been told S to E, scheduled",
        "gone: shown as S to E, scheduled; it is no longer in the schedule",
    ]
    assert differing(now, told(history)) == []
