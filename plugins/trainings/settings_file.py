# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a settings file without Pelican, which takes longer to load than a build with nothing to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from plugins.trainings.problems import SiteError

HERE, NONE = "here", "none"
"""Where people sign up: SIGNUP."""

_DEFAULTS: Mapping[str, Any] = {
    "SITEURL": "",
    "TIMEZONE": "UTC",
    "PLUGINS": [],
    "PATH": "content",
    "OUTPUT_PATH": "output",
    "THEME": "theme",
}
"""What holds for the settings that are read here where a file leaves them out."""


class SettingError(SiteError):
    """A setting in pelicanconf.py or publishconf.py that cannot be used."""


def load_settings(file: Path, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the settings that a file gives, and `overrides` before them, as Pelican reads them: names in capitals,
    and folders below the file's own. Raises SettingError.
    """
    try:
        values = _run(file)
    except SyntaxError as error:
        raise SettingError(f"{file}:{error.lineno}: {error.msg}; correct this line") from error
    except FileNotFoundError as error:
        raise SettingError(f"{file} is not there; run this in the project's folder") from error
    settings = {**_DEFAULTS, **{name: value for name, value in values.items() if name.isupper()}}
    settings.update(overrides or {})
    for name in ("PATH", "OUTPUT_PATH", "THEME"):
        settings[name] = os.path.abspath(file.parent / settings[name])  # noqa: PTH100 - links keep their names
    if not all(Path(settings[name]).is_dir() for name in ("PATH", "THEME")):
        raise SettingError(
            f"{file}: the folder with the content, or the theme's, is not there; "
            "put it back, as with: git restore content theme"
        )
    return settings


def _run(file: Path) -> dict[str, Any]:
    """Return the names that a settings file defines. As with Pelican, it is a module that stays: it may connect to
    signals, and others may import it.
    """
    module = ModuleType(file.stem)
    module.__file__ = str(file)
    code = compile(file.read_bytes(), file, "exec")
    sys.modules[file.stem] = module
    exec(code, vars(module))  # noqa: S102 - what a settings file in Python is for
    return vars(module)


def build_date(value: object, zone: ZoneInfo) -> date:
    """Return the day that BUILD_DATE names; today in the zone if it is None. Raises SettingError."""
    if value is None:
        return datetime.now(zone).date()
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise SettingError(
            f'BUILD_DATE is "{value}"; give a date as 2026-11-30, or leave it out for today'
        ) from error
