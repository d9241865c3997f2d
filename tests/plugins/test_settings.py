# SPDX-License-Identifier: AGPL-3.0-or-later
"""This project's own settings, and what is said about wrong ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plugins.trainings.settings import SiteSettings, read_settings
from plugins.trainings.settings_file import SettingError, load_settings

GOOD: dict[str, object] = {
    "SITEURL": "https://trainings.example.org",
    "TIMEZONE": "America/Los_Angeles",
    "RETENTION_DAYS": 180,
    "SAMPLE_CONTENT": True,
    "PRODUCTION": False,
    "BUILD_DATE": "2026-11-30",
    "PATH": "/site/content",
    "OUTPUT_PATH": "/site/output",
    "BUILD_PATH": "/site/build",
    "THEME": "/site/theme",
}


def test_settings_as_the_plugins_read_them() -> None:
    assert read_settings(GOOD) == SiteSettings(
        content=Path("/site/content"),
        output=Path("/site/output"),
        build=Path("/site/build"),
        theme=Path("/site/theme"),
        site_url="https://trainings.example.org",
        zone=ZoneInfo("America/Los_Angeles"),
        now=datetime(2026, 11, 30, 8, tzinfo=UTC),
        sample=True,
        retention_days=180,
        complete_history=False,
        allow_uncommitted=False,
        sign_up=True,
        editor=None,
    )


@pytest.mark.parametrize(
    "url", ["https://example.org/msix", "https://example.org/a/b-c_d~1", "http://localhost:8000"]
)
def test_a_site_may_stand_in_a_folder_of_its_host(url: str) -> None:
    assert read_settings(GOOD | {"SITEURL": url}).site_url == url


@pytest.mark.parametrize("path", ["/msix/", "//", "/../a", "/a//b", "/a?b", "/a#b", "/a b", "?b", "/%2e"])
def test_what_is_no_folder_of_a_host_is_refused(path: str) -> None:
    with pytest.raises(SettingError, match=r"^SITEURL is "):
        read_settings(GOOD | {"SITEURL": f"https://example.org{path}"})


def test_people_may_sign_up_elsewhere() -> None:
    assert [read_settings(GOOD | {"SIGNUP": where}).sign_up for where in ("here", "none")] == [True, False]


def test_production_wants_the_whole_history() -> None:
    settings = read_settings(GOOD | {"PRODUCTION": True, "SAMPLE_CONTENT": False})

    assert (settings.sample, settings.complete_history) == (False, True)


def test_without_a_build_date_now_is_the_last_midnight_in_the_zone() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    before = datetime.now(zone).date()
    now = read_settings(GOOD | {"BUILD_DATE": None}).now.astimezone(zone)

    assert now.date() in {before, before + timedelta(days=1)}
    assert (now.hour, now.minute, now.second, now.microsecond) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"SITEURL": ""},
            (
                'SITEURL is ""; give the public address without a slash at its end, '
                'as in "SITEURL=https://example.org make publish"'
            ),
        ),
        (
            {"SITEURL": "https://example.org/"},
            (
                'SITEURL is "https://example.org/"; give the public address without a slash at its end, '
                'as in "SITEURL=https://example.org make publish"'
            ),
        ),
        *(
            (
                {"TIMEZONE": zone},
                f'TIMEZONE is "{zone}"; write America/Los_Angeles: calendars define that zone alone',
            )
            for zone in ("Europe/Berlin", "US/Pacific", "Pacific Time", "")
        ),
        (
            {"SIGNUP": "nowhere"},
            'SIGNUP is \'nowhere\'; write "here" where the sign-up function runs, or "none" where people call',
        ),
        ({"RETENTION_DAYS": 0}, "RETENTION_DAYS is 0; give a number of days from 1 on"),
        ({"RETENTION_DAYS": "180"}, "RETENTION_DAYS is '180'; give a number of days from 1 on"),
        (
            {"BUILD_DATE": "30 November"},
            'BUILD_DATE is "30 November"; give a date as 2026-11-30, or leave it out for today',
        ),
        (
            {"PRODUCTION": True},
            "SAMPLE_CONTENT is on: replace the example sessions with your own, then publish with SAMPLE_CONTENT=no",
        ),
        (
            {"SAMPLE_CONTENT": "false"},
            'SAMPLE_CONTENT is "false"; write "no" if the sessions are your own, else leave it out',
        ),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(change: dict[str, object], told: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings(GOOD | change)

    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "is not there; run this in the project's folder"),
        ('PATH = "content"\nTHEME = "theme"\nPATH = (\n', "'(' was never closed; correct this line"),
        ('PATH = "no/such/folder"\n', "put it back, as with: git restore content theme"),
        ('PATH = "."\nTHEME = "no/such/theme"\n', "put it back, as with: git restore content theme"),
    ],
    ids=["no file", "no Python", "no content", "no theme"],
)
def test_a_settings_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None, told: str) -> None:
    file = tmp_path / "pelicanconf.py"
    if text is not None:
        file.write_text(text)

    with pytest.raises(SettingError) as raised:
        load_settings(file)

    assert str(raised.value).startswith(str(file))
    assert str(raised.value).endswith(told)
