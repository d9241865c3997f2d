# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files that a new machine needs besides the project itself; backups hold them, under names of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from register.settings import config, env_file, own_secret

DATABASE, SETTINGS = "register.sqlite3", "register.env"
_PUBLISHING = "publish.env"
"""What the daily publishing of one machine goes by."""
_NAMED = {"join-links.toml": "REGISTER_JOIN_LINKS", "staff.toml": "REGISTER_STAFF"}


class KeptFiles(NamedTuple):
    """Where they are; they need not be there."""

    database: Path | None
    """None where the store is no file."""
    others: dict[str, Path]
    """By their names in backups."""


def kept_files(environment: Mapping[str, str], home: Path) -> KeptFiles:
    """Return where a folder's files are by its settings. Raises ConfigError."""
    others = {
        SETTINGS: home / env_file.SETTINGS_FILE,
        _PUBLISHING: home / _PUBLISHING,
        "secret": home / own_secret.FILE,
    }
    for name, setting in _NAMED.items():
        if file := config.file_of(setting, environment, home):
            others[name] = file
    return KeptFiles(config.file_of("REGISTER_STORE", environment, home), others)
