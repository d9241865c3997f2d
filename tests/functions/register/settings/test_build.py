# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the site's build says, and what follows the newest one."""

from __future__ import annotations

import json
import logging
import os
from itertools import count
from pathlib import Path

import pytest

from register.domain.errors import ConfigError
from register.settings.build import Build, Newest
from schedule.contract import SCHEMA_VERSION
from tests.schedule.test_site import WRITTEN


@pytest.mark.parametrize(
    ("text", "reason"), [("{", "JSONDecodeError"), ('{"schema_version": 0}', "schema_version 0")]
)
def test_a_build_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "schedule.json").write_text(text)

    with pytest.raises(ConfigError) as caught:
        Build(tmp_path).contract()

    assert reason in str(caught.value)


def test_a_build_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Build(tmp_path).site()

    assert str(caught.value) == f"{tmp_path}/site.json is not there; run make html (or make publish) first"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"schema_version": 0}, '"schema_version" is 0, and this program reads 2'),
        ({"support_name": {"en": "CA MSIX Support"}}, '"support_name.es" is missing'),
        ({"retention_days": "180"}, '"retention_days" is a text, not a whole number'),
    ],
)
def test_a_site_that_is_another_than_this_program_reads_says_where_and_what_to_do(
    tmp_path: Path, change: dict[str, object], problem: str
) -> None:
    (tmp_path / "site.json").write_text(json.dumps(WRITTEN | change))

    with pytest.raises(ConfigError) as caught:
        Build(tmp_path).site()

    assert str(caught.value) == (
        f"{tmp_path}/site.json: {problem}; "
        "build the site anew with this version of the program: make html, or make publish"
    )


def publish(folder: Path, number: int) -> None:
    """Put a new build in place."""
    file = folder / "site.json"
    file.write_text(json.dumps(WRITTEN | {"retention_days": number}))
    os.utime(file, ns=(number, number))


def test_what_is_made_from_a_build_is_made_once_for_each(tmp_path: Path) -> None:
    build, made = Build(tmp_path), count(1)
    newest = Newest(build, lambda: (next(made), build.site().retention_days))
    with pytest.raises(ConfigError):
        newest()
    made = count(1)

    publish(tmp_path, 7)
    assert [newest(), newest()] == [(1, 7), (1, 7)]
    publish(tmp_path, 8)
    assert [newest(), newest()] == [(2, 8), (2, 8)]


def test_while_a_build_is_put_in_place_the_last_one_serves(tmp_path: Path) -> None:
    build = Build(tmp_path)
    newest = Newest(build, build.site)
    publish(tmp_path, 7)
    newest()

    (tmp_path / "site.json").unlink()

    assert newest().retention_days == 7


def test_a_newer_build_that_is_broken_leaves_the_last_good_one_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build = Build(tmp_path)
    newest = Newest(build, build.site)
    publish(tmp_path, 7)
    newest()
    (tmp_path / "site.json").write_text("{")
    os.utime(tmp_path / "site.json", ns=(8, 8))

    with caplog.at_level(logging.ERROR):
        assert [newest().retention_days for _ in range(3)] == [7, 7, 7]
    [record] = caplog.records
    assert record.getMessage() == (
        f"the build before this one still serves: {tmp_path}/site.json cannot be read (JSONDecodeError); "
        "build the site again"
    )
    publish(tmp_path, 9)
    assert newest().retention_days == 9


@pytest.mark.parametrize(
    "data",
    [[], "text", {"schema_version": SCHEMA_VERSION}, {"schema_version": SCHEMA_VERSION, "time_zone": 7}],
)
def test_a_schedule_that_this_program_has_not_written_is_one_error(tmp_path: Path, data: object) -> None:
    (tmp_path / "schedule.json").write_text(json.dumps(data))

    with pytest.raises(ConfigError) as caught:
        Build(tmp_path).contract()

    assert str(caught.value).startswith(f"{tmp_path}/schedule.json: ")
    assert str(caught.value).endswith("build the site again")
