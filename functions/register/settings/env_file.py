# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file register.env: settings for all commands in a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from register.domain.errors import ConfigError
from register.settings.config import home_of

SETTINGS_FILE = Path("register.env")
"""Settings for all commands in a folder; the environment goes before it."""


_SETTING = re.compile(r"""(?P<name>REGISTER_[A-Z_]+)=(?:"(?P<quoted>[^"]*)"|(?P<value>.*))""")


def surroundings(environment: Mapping[str, str]) -> tuple[Path, dict[str, str]]:
    """Return a process's folder, and its settings with those of the file there. Raises ConfigError."""
    home = home_of(environment)
    return home, {**read_file(home / SETTINGS_FILE), **environment}


def read_file(file: Path) -> dict[str, str]:
    """Return the settings of a file with a line NAME=value each, as systemd reads them; {} if it is not there.

    Raises ConfigError.
    """
    try:
        text, mode = file.read_text(encoding="utf-8"), file.stat().st_mode
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{file} cannot be read ({type(error).__name__})") from error
    if mode & 0o077:
        raise ConfigError(f"{file} can be read by others, and holds secrets; run: chmod 600 {file}")
    return parsed(text, str(file))


def parsed(text: str, source: str) -> dict[str, str]:
    """Return the settings in a text; `source` names it in errors. Raises ConfigError."""
    settings = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            found = _SETTING.fullmatch(line.strip())
            if not found:
                raise ConfigError(f"{source}:{number}: write REGISTER_…=value on each line")
            settings[found["name"]] = found["quoted"] or found["value"]
    return settings
