# SPDX-License-Identifier: AGPL-3.0-or-later
"""A terminal, and a port, for the tests of what is typed."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT
from tests.support.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, site: BuiltSite) -> Terminal:
    """A terminal whose schedule lies in the future, whatever day it is, and is synced."""
    shutil.copytree(site.private, tmp_path / "build")
    (tmp_path / "theme").symlink_to(ROOT / "theme")
    terminal = Terminal(tmp_path)
    contract = terminal.contract()
    for one in contract["sessions"]:
        for key in ("start", "end", "registration_closes"):
            one[key] = re.sub(r"^\d{4}", lambda year: str(int(year[0]) + 100), one[key])
    terminal.publish(contract)
    terminal.says("sync")
    return terminal


@pytest.fixture
def no_port() -> Iterator[str]:
    """A port that is taken: a server that should not start does not, and tells another error."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield str(taken.getsockname()[1])
