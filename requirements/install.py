# SPDX-License-Identifier: AGPL-3.0-or-later
"""Installs a list of packages, and the project as links, into the environment whose Python runs this.

`.venv/bin/python -m requirements.install requirements/serve.txt`. uv installs; where it fails, pip installs the same
list. Both check the hash of every file.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from requirements import pip_settings

ROOT = Path(__file__).resolve().parent.parent

PIP = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps")
UV = (sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, "--no-deps")
UV_ITSELF = (
    *("--quiet", "--only-binary", ":all:", "--require-hashes"),
    *("--requirement", str(ROOT / "requirements/uv.txt")),
)
PROJECT = ("--no-build-isolation", "--editable", str(ROOT))

Run = Callable[[Sequence[str], Mapping[str, str]], bool]
"""Runs a command in an environment; whether it succeeded."""


class InstallFailed(Exception):
    """Neither uv nor pip could install; the message says what to do."""


class Installer:
    """Installs lists into one environment."""

    def __init__(
        self, folder: Path, run: Run, say: Callable[[str], None], settings: Callable[[], str]
    ) -> None:
        """Take the environment's folder, what runs commands, who is told, and what lists pip's settings."""
        self._unfinished = folder / "unfinished"
        self._folder = folder
        self._run = run
        self._say = say
        self._settings = settings

    def install(self, requirements: Path) -> None:
        """Install a list and the project. Raises InstallFailed.

        An installer that is killed can leave a package that looks whole and is not. So while one is at work, a
        file says that it is unfinished, and whoever finds that file installs everything anew.
        """
        anew = self._unfinished.exists()
        if anew:
            self._say("The last installation did not finish: everything is installed anew.")
            for stamp in self._folder.glob("ready*"):
                stamp.unlink()
        self._unfinished.touch()
        self._say("Installing uv …")
        has_uv = self._run([*PIP, *UV_ITSELF], os.environ)
        self._say(f"Installing {requirements} …")
        if not (has_uv and self._by_uv(requirements, anew=anew)):
            self._say(f"uv could not be used: pip installs the same {requirements}, which takes longer.")
            # Nobody knows how far a uv that failed has come.
            if not self._by_pip(requirements, anew=anew or has_uv):
                raise InstallFailed(
                    f"{requirements} could not be installed; pip says why, above. If it reached no package index, "
                    "fix that (pip config list shows what pip is told), and run make again."
                )
        self._unfinished.unlink()

    def _by_uv(self, requirements: Path, *, anew: bool) -> bool:
        options, environment = pip_settings.for_uv(pip_settings.parsed(self._settings()), os.environ)
        command = [*UV, *options]
        again = ["--reinstall"] if anew else []
        listed = [*command, *again, "--require-hashes", "--requirement", str(requirements)]
        return self._run(listed, environment) and self._run([*command, *PROJECT], environment)

    def _by_pip(self, requirements: Path, *, anew: bool) -> bool:
        again = ["--force-reinstall"] if anew else []
        listed = [*PIP, *again, "--require-hashes", "--requirement", str(requirements)]
        return self._run(listed, os.environ) and self._run([*PIP, "--quiet", *PROJECT], os.environ)


def run(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Run a command, which says itself what it does; return whether it succeeded."""
    return subprocess.run(command, env=environment, check=False).returncode == 0


def say(line: str) -> None:
    """Tell the person who waits."""
    print(line, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Install a list; the exit status is 1 if that failed."""
    parser = argparse.ArgumentParser(prog="python -m requirements.install", description=__doc__)
    parser.add_argument("requirements", type=Path, help="the list")
    given = parser.parse_args(arguments)
    try:
        Installer(Path(sys.prefix), run, say, pip_settings.listed).install(given.requirements)
    except InstallFailed as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next make begins it anew.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
