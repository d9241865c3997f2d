# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copies of the real content that tests may change."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.conftest import ROOT


def copy_content(folder: Path) -> Path:
    """Copy the content into a folder and return where it is."""
    return Path(shutil.copytree(ROOT / "content", folder / "content"))
