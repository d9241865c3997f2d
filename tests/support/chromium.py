# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the browser that the tests drive, or installs one; `python -m tests.support.chromium`.

The tests never skip for want of a browser: without one this fails, and says what to do. To watch one at work, let
`CHROMIUM` name one that has a window.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
"""Chromium without what no test looks at, as its own menus: the same pages for four fifths of the processor's time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Return the path of CHROMIUM, of an installed browser, or of the one that Playwright has fetched."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        fetched = playwright.chromium.executable_path
    return fetched if Path(fetched).exists() else None


def install() -> None:
    """Try Debian's packages, then Playwright's download."""
    debian = ["apt-get", "install", "-y", "--no-install-recommends", "fonts-liberation"]
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not prefix or shutil.which("sudo")):
        _try([*prefix, "apt-get", "update"])
        if any(_try([*prefix, *debian, package]) for package in (SHELL, "chromium")):
            return
    _try([sys.executable, "-m", "playwright", "install", "chromium"])


def _try(command: list[str]) -> bool:
    print("$", " ".join(command), flush=True)
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    """Make sure that there is a browser; 1 if there is none to be had."""
    if find() is None:
        install()
    if find() is None:
        message = (
            "No Chromium or Chrome could be found or installed; install one, or set CHROMIUM to its path."
        )
        print(message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
