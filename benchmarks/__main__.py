# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the benchmarks, all or those named: `python -m benchmarks [NAME …]`."""

from __future__ import annotations

import importlib
import sys

NAMES = ("site", "calendars", "signup", "dynamodb", "coldstart")


def main(names: list[str]) -> int:
    """Run benchmarks by name; 2 for an unknown one."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in names or NAMES:
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
