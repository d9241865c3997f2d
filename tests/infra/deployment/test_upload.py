# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bucket of the site: what is sent, in which order, what goes, and how all of it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.deployment.releases import Release
from infra.deployment.site_files import site_files
from infra.deployment.upload import UploadBroken, plan, put_back, upload
from tests.support.cloud_fakes import MemoryBucket, slow_down

OLD_CSS, NEW_CSS = "theme/site.0000000000.css", "theme/site.1111111111.css"
OLD = {"index.html": "old", "gone/index.html": "gone", "calendar/all.ics": "same", OLD_CSS: "old"}
NEW = {"index.html": "new", "calendar/all.ics": "same", "schedule/index.html": "new", NEW_CSS: "new"}


def written(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def release(bucket: MemoryBucket, site: Path, shown: Release | None = None) -> Release:
    """Bring a site into a bucket."""
    number = shown.number + 1 if shown else 1
    done = upload(bucket, plan(site_files(site), bucket.current(), shown), lambda _: None)
    return Release(number, number, "c", "2026-11-30", done=True, files=done)


def texts(bucket: MemoryBucket) -> dict[str, str]:
    return {path: data.decode() for path, data in bucket.files().items()}


def test_new_files_come_before_old_ones_go_and_styles_outlive_their_pages_by_a_release(
    tmp_path: Path,
) -> None:
    bucket = MemoryBucket()
    first = release(bucket, written(tmp_path / "1", OLD))
    bucket.log.clear()
    second = release(bucket, written(tmp_path / "2", NEW), first)

    assert bucket.log[0] == f"put {NEW_CSS}"
    assert sorted(bucket.log[1:3]) == ["put index.html", "put schedule/index.html"]
    assert bucket.log[3:] == ["delete gone/index.html"]
    assert texts(bucket) == {**NEW, OLD_CSS: "old"}

    bucket.log.clear()
    release(bucket, tmp_path / "2", second)
    assert bucket.log == [f"delete {OLD_CSS}"]


def test_what_is_there_already_is_not_sent_again_unless_it_is_to_be_told_otherwise(tmp_path: Path) -> None:
    bucket = MemoryBucket()
    site = written(tmp_path, OLD)
    first = release(bucket, site)
    assert str(plan(site_files(site), bucket.current(), first)) == (
        "0 files to send, 4 are there already, 0 to delete"
    )

    bucket.put("index.html", b"somebody's", "text/plain", "")
    bucket.put("calendar/all.ics", b"same", "text/plain", "")
    todo = plan(site_files(site), bucket.current(), first)
    assert [one.path for one in todo.send] == ["calendar/all.ics", "index.html"]


def test_an_earlier_release_comes_back_whole(tmp_path: Path) -> None:
    bucket = MemoryBucket()
    first = release(bucket, written(tmp_path / "1", OLD))
    second = release(bucket, written(tmp_path / "2", NEW), first)
    release(bucket, written(tmp_path / "3", {"index.html": "third"}), second)
    bucket.log.clear()

    back = put_back(bucket, first)
    assert texts(bucket) == {**OLD, NEW_CSS: "new"}
    assert bucket.log[0] == f"back {OLD_CSS}"
    assert {path: one.version for path, one in back.items()} == {
        path: one.version for path, one in bucket.current().items() if path != NEW_CSS
    }
    bucket.log.clear()
    assert put_back(bucket, Release(4, 1, "c", "", files=back)) == back
    assert bucket.log == []


def test_an_upload_that_breaks_off_says_how_far_it_came_and_has_deleted_nothing(tmp_path: Path) -> None:
    bucket = MemoryBucket()
    first = release(bucket, written(tmp_path / "1", OLD))
    bucket.broken = {NEW_CSS: slow_down(NEW_CSS)}
    bucket.log.clear()
    with pytest.raises(UploadBroken) as caught:
        release(bucket, written(tmp_path / "2", NEW), first)

    assert str(caught.value).startswith(f"0 of 3 files were sent; {NEW_CSS}: SlowDown: Please reduce")
    assert bucket.log == []
    assert texts(bucket) == OLD
