# SPDX-License-Identifier: AGPL-3.0-or-later
"""Digests of what a build reads."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from schedule.templates import is_leftover

PROJECT = Path(__file__).resolve().parents[1]
CODE = ("plugins", "schedule", "functions/register")


def program_digest(theme: Path) -> str:
    """Return the digest of what makes a site of its sources: code, libraries, templates and translations.

    Whatever was made by another program is not used.
    """
    digest = sha256(f"{sys.version}\n{sys.prefix}\n".encode())
    for name in sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info")):
        digest.update(f"{name}\n".encode())
    for folder in CODE:
        _add(digest, _files(PROJECT / folder, ".py"))
    for name in ("templates", "translations"):
        _add(digest, _files(theme / name))
    return digest.hexdigest()


def _files(folder: Path, suffix: str = "") -> Iterable[Path]:
    return (file for file in sorted(folder.rglob(f"*{suffix}")) if file.is_file() and not is_leftover(file))


def _add(digest: object, files: Iterable[Path]) -> None:
    for file in files:
        data = file.read_bytes()
        digest.update(f"{file} {len(data)}\n".encode() + data)  # type: ignore[attr-defined]
