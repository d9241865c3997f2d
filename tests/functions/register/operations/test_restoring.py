# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is there stays whole when a backup cannot be put back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.constants import ROOT

WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
from register.operations.backups import BackupError
from register.operations.restoring import put_back
from register.stores.sqlite.image import files_of
from tests.support.constants import NOW

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    put_back(bytes(3_000_000), files_of(Path(sys.argv[1])), {}, replace=False, now=NOW)
except BackupError as error:
    print(error)
"""


def test_on_a_full_disk_the_database_that_is_there_keeps_its_newest_sign_ups(tmp_path: Path) -> None:
    database = tmp_path / "register.sqlite3"
    there = {"register.sqlite3": "the old one", "register.sqlite3-wal": "its newest sign-ups"}
    for name, text in there.items():
        (tmp_path / name).write_text(text)

    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ROOM, str(database)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == (
        f"{database}: File too large; make room on its disk; then run register restore again\n"
    )
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == there
