# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is built, tried out, broken, published or taken back in its folder, the public's site is whole."""

from __future__ import annotations

import shutil
import socket
from collections import Counter
from pathlib import Path

import pytest

from tests.support.live_machine import LiveMachine, Reader

OVERVIEW = "content/sessions/2026-12-03-overview.md"
STYLE = "theme/static/site.css"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.long
def test_the_public_sees_only_whole_versions_that_were_published_for_it(tmp_path: Path) -> None:
    machine = LiveMachine(tmp_path)
    machine.publish()
    with machine.serving() as url, Reader(url) as reader:
        first = reader.next_style()

        machine.make("html")
        assert "Sample site" in (tmp_path / "output/index.html").read_text()
        with machine.previewing(free_port()):
            assert reader.next_style() == first

        machine.write(OVERVIEW, "Capacity: 40", "Capacity: 0")
        assert f"{OVERVIEW}:" in machine.publish(status=2)
        machine.write(OVERVIEW, "Capacity: 0", "Capacity: 40")
        machine.write("theme/templates/home.html", "{% extends", "{{ none.here }}{% extends")
        assert "UndefinedError" in machine.publish(status=2)
        machine.write("theme/templates/home.html", "{{ none.here }}{% extends", "{% extends")
        machine.write(OVERVIEW, "Capacity: 40", "Capacity: 41", commit=False)
        assert "is not committed" in machine.publish(status=2)
        machine.write(OVERVIEW, "Capacity: 41", "Capacity: 40", commit=False)
        machine.write(OVERVIEW, "Capacity: 40", "Capacity: 42")
        machine.killed_while_publishing()
        machine.write(OVERVIEW, "Capacity: 42", "Capacity: 40")
        assert reader.next_style() == first

        style = tmp_path / STYLE
        style.write_text(f"{style.read_text()}\n.new {{ color: red }}\n")
        machine.publish()
        second = reader.next_style()
        assert second != first
        assert reader.ask(first)[0] == 200  # pages that were loaded just before

        style.write_text(f"{style.read_text()}\n.wrong {{ color: red }}\n")
        machine.publish(site_url="http://localhost:8000")
        assert reader.next_style() == second

        machine.make("rollback")
        machine.make("rollback")
        assert reader.next_style() == first

        (tmp_path / "published").unlink()
        assert reader.next_style() == first
        shutil.rmtree(tmp_path / "output")
        machine.publish()
        assert reader.next_style() not in {first, second}

    assert +reader.wrong == Counter()
    assert len(reader.styles) > 50
