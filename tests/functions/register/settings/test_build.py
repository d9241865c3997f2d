# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the site's build says, and what follows the newest one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from register.domain.errors import ConfigError
from register.settings.build import Build, UnfitBuild
from schedule.contract import SCHEMA_VERSION, to_json
from tests.schedule.test_site import WRITTEN
from tests.support.schedules import contract_with


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
        ({"schema_version": 0}, '"schema_version" is 0, and this program reads 3'),
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


PUBLIC = "https://trainings.example.org"


def contract_file(folder: Path, **changes: object) -> None:
    """Write a schedule.json for the public, or one with changes."""
    made = to_json(replace(contract_with(), site_url=PUBLIC, sample=False))
    (folder / "schedule.json").write_text(json.dumps(made | changes))


def site_file(folder: Path, **changes: object) -> None:
    """Write a site.json for the public, or one with changes."""
    (folder / "site.json").write_text(json.dumps(WRITTEN | {"url": PUBLIC, "sample": False} | changes))


@pytest.mark.parametrize("address", [PUBLIC, "https://Trainings.example.org"])
def test_the_public_is_shown_what_was_built_for_its_address(tmp_path: Path, address: str) -> None:
    site_file(tmp_path)
    contract_file(tmp_path)
    build = Build(tmp_path, address)

    assert build.site().url == PUBLIC
    assert build.contract().site_url == PUBLIC


def test_the_public_is_not_shown_what_was_built_for_another_address(tmp_path: Path) -> None:
    site_file(tmp_path, url="http://localhost:8000")
    contract_file(tmp_path, site_url="http://localhost:8000")

    for name, read in (
        ("site", Build(tmp_path, PUBLIC).site),
        ("schedule", Build(tmp_path, PUBLIC).contract),
    ):
        with pytest.raises(UnfitBuild) as refused:
            read()
        assert str(refused.value) == (
            f"{tmp_path}/{name}.json was built for http://localhost:8000, and REGISTER_SITE is {PUBLIC}; "
            f"publish it for that address: SITEURL={PUBLIC} make publish"
        )
    assert Build(tmp_path).site().url == "http://localhost:8000"
    assert Build(tmp_path).contract().site_url == "http://localhost:8000"


def test_the_public_is_not_shown_the_sample_schedule(tmp_path: Path) -> None:
    site_file(tmp_path, sample=True)
    contract_file(tmp_path, sample=True)

    for name, read in (
        ("site", Build(tmp_path, PUBLIC).site),
        ("schedule", Build(tmp_path, PUBLIC).contract),
    ):
        with pytest.raises(UnfitBuild) as refused:
            read()
        assert str(refused.value) == (
            f"{tmp_path}/{name}.json was built with SAMPLE_CONTENT on; run make publish with your own sessions"
        )
    assert Build(tmp_path).site().sample
    assert Build(tmp_path).contract().sample


def test_the_public_s_build_that_is_not_there_is_published(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Build(tmp_path, PUBLIC).site()

    assert str(caught.value) == f"{tmp_path}/site.json is not there; run make publish first"
