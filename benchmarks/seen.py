# SPDX-License-Identifier: AGPL-3.0-or-later
"""From saving a session's file to its page, under `make serve` beside `hugo server`."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import content, hugo
from benchmarks.progress import say
from benchmarks.tables import Row, Table, Wanted, at_most, pages

EDITS = {1000: 11, 5000: 7}
"""How many edits are counted, of ours and of Hugo's each, by the number of sessions."""
START, PATIENCE = 300.0, 30.0
"""How long (s) a server may take to show its first page, and an edit."""
PAUSE = 1.0
"""How long (s) one rests between two edits: what a server does behind the page that was seen is done by then."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers, and the file with what it says."""

    process: subprocess.Popen[bytes]
    port: int
    said: Path

    def shows(self, path: str, text: str, patience: float) -> str:
        """Ask for a page until it holds a text, and return it; AssertionError after `patience` seconds."""
        end = time.perf_counter() + patience
        while time.perf_counter() < end and self.process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
            try:
                connection.request("GET", path)
                page = connection.getresponse().read().decode()
            except (OSError, http.client.HTTPException):  # not there yet, or half a file
                page = ""
            finally:
                connection.close()
            if text in page:
                return page
            time.sleep(0.02)  # asking takes the server time, too
        raise AssertionError(f"{path} never said {text!r}; the server said: {self.said.read_text()[-2000:]}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is edited: its server, its path and its file."""

    server: Server
    path: str
    file: Path

    def seen_after(self, mark: str) -> float:
        """Save the file with another text; return the seconds until the page has it."""
        text = re.sub(r"\*\*.*\*\*", f"**{mark}**", self.file.read_text())
        start = time.perf_counter()
        self.file.write_text(text)
        self.server.shows(self.path, mark, PATIENCE)
        return time.perf_counter() - start


@contextmanager
def serving(command: Sequence[object], port: int, folder: Path) -> Iterator[Server]:
    """Run a server in a folder, where what it says is in a file; it is ended by its process id."""
    environment = {**os.environ, "REGISTER_HOME": str(folder), "HUGO_CACHEDIR": str(folder / "cache")}
    said = folder / "said.txt"
    with said.open("wb") as file:
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, env=environment, stdout=file, stderr=file
        )
        try:
            yield Server(process, port, said)
        finally:
            process.terminate()
            process.wait(30)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def measure(
    folder: Path, count: int, edits: int, program: Path | None
) -> tuple[list[float], list[float], int, int]:
    """Edit a session of ours and of Hugo's in turn; return the seconds of both, and the pages of both."""
    settings, files = content.site(folder, count)
    file, port = files[count // 2], free_port()
    path = f"/schedule/{file.stem}/"
    command = [sys.executable, "-m", "plugins.serve", "-s", settings, "--port", port]
    function = ["--function", "register.entrypoints.preview:Preview"]
    with serving([*command, *function], port, folder) as server:
        english = server.shows(path, "this is session", START)
        spanish = server.shows(f"/es{path}", "es la sesión", START)
        ours = Page(server, path, file)
        ours_made = _pages(folder / ".cache/serve" / str(port) / "output")
        if program is None:
            return _in_turn([ours], edits)[0], [], ours_made, 0
        root, port = folder / "hugo", free_port()
        sessions = hugo.site(root, folder / "content", {"en": english, "es": spanish}, file.stem)
        command = [program, "server", "--bind", "127.0.0.1", "--port", port, "--disableLiveReload"]
        with serving(command, port, root) as server:
            server.shows(path, "this is session", START)
            mine, theirs = _in_turn([ours, Page(server, path, sessions / file.name)], edits)
            return mine, theirs, ours_made, _pages(root / "public")


def _pages(folder: Path) -> int:
    return sum(1 for _ in folder.rglob("*.html"))


def _in_turn(edited: Sequence[Page], edits: int) -> list[list[float]]:
    """Edit one after the other, again and again; the first edit of each does not count."""
    seen: list[list[float]] = [[] for _ in edited]
    for number in range(edits + 1):
        for page, times in zip(edited, seen, strict=True):
            # Hugo collects changes for half a second at a time: edits meet all parts of it alike.
            time.sleep(PAUSE + number / (edits + 1) / 2)
            times.append(page.seen_after(f"edit {number}"))
    return [times[1:] for times in seen]


def tables(edits: Mapping[int, int] = EDITS) -> Iterator[Table]:
    """Yield how long people wait to see what they have saved."""
    program = hugo.program()
    rows, made = [], []
    for count, times in edits.items():
        say(f"seen: {count:,} sessions, {times} edits")
        with content.workplace() as folder:
            mine, theirs, ours, others = measure(folder, count, times, program)
        rows.append(Row(f"{count:,} sessions", "s", tuple(mine), tuple(theirs), wanted(count, theirs)))
        made.append((ours, others))
    yield Table(
        "From saving a session's file to its page, under make serve beside hugo server",
        "Hugo",
        tuple(rows),
        pages("Hugo", made),
    )


def wanted(count: int, theirs: Sequence[float]) -> Wanted | None:
    """Return what is wanted: with few sessions no more than Hugo's time, if Hugo is there; with many, a second."""
    if count > min(EDITS):
        return at_most(1, "s")
    return at_most(1) if theirs else None
