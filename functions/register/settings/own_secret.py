# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secret that a preview makes for itself, so that nobody needs to set one to try things out."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_urlsafe

from register.domain.errors import ConfigError

FILE = Path("var/secret")


def read(home: Path, *, make: bool) -> str:
    """Return the secret; `make` makes it now if there is none. Raises ConfigError."""
    file = home / FILE
    if make and not file.exists():
        _make(file)
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise ConfigError(
            "REGISTER_SECRET is missing; write it into register.env, or run make serve once to try things out here"
        ) from error
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"{FILE} cannot be read ({type(error).__name__}); fix or delete it") from error


def _make(file: Path) -> None:
    """Write a new secret, for its owner alone; one that another process makes at the same time stands."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        number = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(number, "w", encoding="ascii") as opened:
        opened.write(f"{token_urlsafe(32)}\n")
