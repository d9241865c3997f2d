# SPDX-License-Identifier: AGPL-3.0-or-later
"""The archive for Lambda: the same files give the same bytes, and everybody may read them there."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from pathlib import Path

from infra.archive import pack

FILES = {"register/web/app.py": b"web", "six.py": b"six" * 1000, "build/site.json": b"{}", "Zope/x": b""}


def made(folder: Path, names: list[str], *, mode: int, date: int) -> Path:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(FILES[name])
        file.chmod(mode)
        os.utime(file, (date, date))
    return folder


def test_the_same_files_give_the_same_bytes_whatever_their_dates_order_and_rights(tmp_path: Path) -> None:
    first = made(tmp_path / "first", [*FILES], mode=0o600, date=1_000_000_000)
    second = made(tmp_path / "deep/er/second", [*FILES][::-1], mode=0o755, date=1_700_000_000)
    archives = tmp_path / "1.zip", tmp_path / "2.zip"

    digests = [pack(first, archives[0]), pack(second, archives[1])]

    assert archives[0].read_bytes() == archives[1].read_bytes()
    assert digests == [hashlib.sha256(archives[0].read_bytes()).hexdigest()] * 2


def test_another_byte_gives_another_digest(tmp_path: Path) -> None:
    folder = made(tmp_path / "folder", [*FILES], mode=0o644, date=0)
    before = pack(folder, tmp_path / "1.zip")
    (folder / "six.py").write_bytes(b"six" * 999 + b"sin")

    assert pack(folder, tmp_path / "1.zip") != before
    assert {file.name for file in tmp_path.iterdir()} == {"folder", "1.zip"}


def test_everything_is_in_it_sorted_compressed_and_for_everybody_to_read(tmp_path: Path) -> None:
    folder = made(tmp_path / "folder", [*FILES], mode=0o600, date=0)
    pack(folder, tmp_path / "1.zip")

    with zipfile.ZipFile(tmp_path / "1.zip") as packed:
        assert {one.filename: packed.read(one) for one in packed.infolist()} == FILES
        assert packed.namelist() == sorted(FILES)
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {stat.S_IMODE(one.external_attr >> 16) for one in packed.infolist()} == {0o644}
    assert (tmp_path / "1.zip").stat().st_size < 1000
