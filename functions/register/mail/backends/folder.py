# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes email into a folder, for trying out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from register.mail.backends.base import ServerDown
from register.mail.outgoing import Email


@dataclass(frozen=True, slots=True)
class FolderBackend:
    """Writes each email into a file of its own, for its owner alone; an email sent twice is there once."""

    folder: Path

    def send(self, email: Email) -> None:
        """Write an email. Raises ServerDown if the folder cannot be written to."""
        self._write(f"{email.name}.eml", email.content)

    def probe(self) -> None:
        """Write an empty file, and delete it. Raises ServerDown."""
        self._write("probe", b"").unlink(missing_ok=True)

    def _write(self, name: str, content: bytes) -> Path:
        aside = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside.unlink(missing_ok=True)
            aside.touch(mode=0o600)
            aside.write_bytes(content)
            return aside.replace(self.folder / name)
        except OSError as error:
            raise ServerDown(f"{self.folder}: cannot be written to ({error.strerror})") from error

    def close(self) -> None:
        """Nothing is open."""
