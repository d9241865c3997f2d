# SPDX-License-Identifier: AGPL-3.0-or-later
"""The site's build beside stock Pelican's, and an edit under `make serve` beside a cold build."""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from benchmarks import content

SIZES = (10, 100, 1000, 5000)
RUNS = {10: 5, 100: 5, 1000: 5, 5000: 3}
EDITS = 7
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: its wall time (s), peak memory (MiB) and the HTML pages it wrote."""

    seconds: float
    memory: float
    pages: int

    @property
    def per_page(self) -> float:
        """Milliseconds a page."""
        return self.seconds / self.pages * 1000


def run(command: list[str], output: Path) -> Run:
    """Run a build from the project's folder, and count what it wrote."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=content.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stderr is not None
    assert process.returncode == 0, process.stderr.read().decode()
    process.stderr.close()
    return Run(seconds, usage.ru_maxrss / 1024, sum(1 for _ in output.rglob("*.html")))


def builds(folder: Path, count: int) -> tuple[list[Run], list[Run]]:
    """Build our site and stock Pelican's in turn, from as many sessions and Markdown files."""
    ours, _ = content.site(folder / "ours", count)
    stock = content.stock(folder / "stock", count)
    mine, theirs = [], []
    for _ in range(RUNS[count]):
        mine.append(run([sys.executable, "-m", "plugins.build", "-s", str(ours)], folder / "ours/output"))
        theirs.append(run([sys.executable, "-m", "pelican", "-s", str(stock)], folder / "stock/output"))
    return mine, theirs


def edits(folder: Path, count: int) -> tuple[float, float]:
    """Return the median seconds of a cold `make html`, and from saving an edit to seeing it under `make serve`."""
    settings, files = content.site(folder, count)
    cold = []
    for _ in range(3):
        cold.append(
            run([sys.executable, "-m", "plugins.build", "-s", str(settings)], folder / "output").seconds
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "plugins.serve", "-s", str(settings), "--port", str(port)]
    server = subprocess.Popen(command, cwd=content.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        file = files[count // 2]
        page = f"http://127.0.0.1:{port}/schedule/{file.stem}/"
        wait_for(page, "this is session")
        seen = []
        for number in range(EDITS):
            text = re.sub(r"\*\*.*\*\*", f"**edit {number}**", file.read_text())
            start = time.perf_counter()
            file.write_text(text)
            wait_for(page, f"edit {number}")
            seen.append(time.perf_counter() - start)
    finally:
        server.terminate()
        server.wait(10)
    return statistics.median(cold), statistics.median(seen)


def wait_for(page: str, text: str) -> None:
    """Ask for a page until it holds a text; AssertionError after PATIENCE seconds."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        try:
            with urllib.request.urlopen(page) as answer:  # noqa: S310 - loopback
                if text in answer.read().decode():
                    return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.005)
    raise AssertionError(f"{page} never said {text!r}")


def main() -> None:
    """Print the tables."""
    print(
        "Building the site, beside stock Pelican (theme simple) with as many Markdown files as sessions; medians"
    )
    print(
        f"{'sessions':>8} {'pages':>6} {'s':>7} {'ms/page':>8} {'MiB':>6} | {'pages':>6} {'s':>7} {'ms/page':>8} "
        f"{'MiB':>6} | ms/page ratio, memory ratio"
    )
    totals = {}
    for count in SIZES:
        with tempfile.TemporaryDirectory() as name:
            mine, theirs = builds(Path(name), count)
        ratio = statistics.median(a.per_page / b.per_page for a, b in zip(mine, theirs, strict=True))
        memory = statistics.median(a.memory / b.memory for a, b in zip(mine, theirs, strict=True))
        totals[count] = statistics.median(one.seconds for one in mine)
        print(f"{count:>8} {_row(mine)} | {_row(theirs)} | {ratio:.2f}, {memory:.2f}", flush=True)
    print(f"5,000 sessions cost {totals[5000] / totals[1000]:.2f} times 1,000 (wanted: at most 5.5)")
    with tempfile.TemporaryDirectory() as name:
        cold, edit = edits(Path(name), 1000)
    print(
        f"An edit among 1,000 sessions: seen after {edit:.2f} s, a cold build takes {cold:.2f} s: "
        f"{edit / cold:.2f} (wanted: at most 0.25)\n"
    )


def _row(runs: list[Run]) -> str:
    seconds = statistics.median(one.seconds for one in runs)
    per_page = statistics.median(one.per_page for one in runs)
    memory = statistics.median(one.memory for one in runs)
    return f"{runs[0].pages:>6} {seconds:>7.2f} {per_page:>8.3f} {memory:>6.0f}"
