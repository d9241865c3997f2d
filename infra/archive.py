# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packs a folder so that the same files give the same bytes."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date that the format knows (APPNOTE.TXT, section 4.4.6)."""

_UNIX, _READABLE = 3, 0o644 << 16
"""Lambda's user is nobody in particular: everybody may read."""


def pack(folder: Path, target: Path) -> str:
    """Pack all files of a folder, sorted and without their dates, in the place of an earlier one; return the SHA-256.

    Raises OSError.
    """
    aside = target.with_name(f"{target.name}.new")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.create_system, entry.external_attr = _UNIX, _READABLE
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes(), compresslevel=9)
    aside.replace(target)
    with target.open("rb") as made:
        return hashlib.file_digest(made, "sha256").hexdigest()
