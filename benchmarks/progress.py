# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far the benchmarks are, for whoever waits: on stderr, since stdout is for the page."""

from __future__ import annotations

import sys
import time

_START = time.monotonic()


def spent() -> str:
    """Return the time since the start, as minutes and seconds."""
    minutes, seconds = divmod(round(time.monotonic() - _START), 60)
    return f"{minutes}:{seconds:02}"


def say(line: str) -> None:
    """Print what is measured now, behind the time that has passed."""
    print(f"{spent():>5}  {line} …", file=sys.stderr, flush=True)
