# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a process takes: from its start to its end, the CPU, and the memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.content import ROOT


@dataclass(frozen=True, slots=True)
class Run:
    """A process that has ended: wall time and CPU time (s), and its most memory (MiB).

    CPU and memory are those of the process and of those that it started and waited for. Memory is never less than
    that of the process which started it: Linux counts that in.
    """

    wall: float
    cpu: float
    memory: float


class Failed(Exception):
    """A command that was to be measured has failed."""


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, *, folder: Path = ROOT) -> Run:
    """Run a Python command (what follows `python`) from a folder. Raises Failed with what it said."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        said = process.stderr.read()  # until it has ended: a full pipe would stop it
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:  # Ctrl-C: it would go on in a folder that is deleted
        process.kill()
        process.wait()
        raise
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise Failed(f"{' '.join(command)}: exit status {process.returncode}: {said.decode()}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
