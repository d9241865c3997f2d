# SPDX-License-Identifier: AGPL-3.0-or-later
"""This project's own Pelican settings, read once and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plugins.trainings.code_host import CodeHost, code_host
from plugins.trainings.settings_file import HERE, NONE, SettingError, build_date
from schedule.addresses import is_site_url
from schedule.walltime import ZONE, midnight


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What the settings files say about the site; `now` (UTC) is midnight of BUILD_DATE in the zone."""

    content: Path
    output: Path
    build: Path
    theme: Path
    site_url: str
    zone: ZoneInfo
    now: datetime
    sample: bool
    retention_days: int
    complete_history: bool
    allow_uncommitted: bool
    sign_up: bool
    """Whether people sign up on the site; elsewhere they call."""
    editor: CodeHost | None
    """Where the browser editor saves; None for a site without one."""


def read_settings(settings: Mapping[str, Any]) -> SiteSettings:
    """Take this project's settings out of Pelican's. Raises SettingError, naming setting and value."""
    url = settings["SITEURL"]
    if not is_site_url(url):
        raise SettingError(
            f'SITEURL is "{url}"; give the public address without a slash at its end, '
            'as in "SITEURL=https://example.org make publish"'
        )
    if settings["TIMEZONE"] != ZONE:
        raise SettingError(
            f'TIMEZONE is "{settings["TIMEZONE"]}"; write {ZONE}: calendars define that zone alone'
        )
    zone = ZoneInfo(ZONE)
    retention = settings["RETENTION_DAYS"]
    if not isinstance(retention, int) or retention < 1:
        raise SettingError(f"RETENTION_DAYS is {retention!r}; give a number of days from 1 on")
    sample = settings["SAMPLE_CONTENT"]
    if not isinstance(sample, bool):
        raise SettingError(
            f'SAMPLE_CONTENT is "{sample}"; write "no" if the sessions are your own, else leave it out'
        )
    if sample and settings["PRODUCTION"]:
        raise SettingError(
            "SAMPLE_CONTENT is on: replace the example sessions with your own, then publish with SAMPLE_CONTENT=no"
        )
    sign_up = settings.get("SIGNUP", HERE)
    if sign_up not in {HERE, NONE}:
        raise SettingError(
            f'SIGNUP is {sign_up!r}; write "{HERE}" where the sign-up function runs, or "{NONE}" where people call'
        )
    return SiteSettings(
        content=Path(settings["PATH"]),
        output=Path(settings["OUTPUT_PATH"]),
        build=Path(settings["BUILD_PATH"]),
        theme=Path(settings["THEME"]),
        site_url=url,
        zone=zone,
        now=midnight(build_date(settings["BUILD_DATE"], zone), zone),
        sample=sample,
        retention_days=retention,
        complete_history=bool(settings["PRODUCTION"]),
        allow_uncommitted=bool(settings.get("ALLOW_UNCOMMITTED", False)),
        sign_up=sign_up == HERE,
        editor=code_host(
            settings.get("EDITOR"),
            production=bool(settings["PRODUCTION"]),
            review=bool(settings.get("EDITOR_REVIEW", False)),
        ),
    )
