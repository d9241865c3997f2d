# SPDX-License-Identifier: AGPL-3.0-or-later
"""A machine on which the site is edited, built and tried out in the folder that the public is served from."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.constants import BUILD_DATE, ROOT, SITE_URL
from tests.support.content import Repository

PATIENCE = 120
"""Seconds that anything may take before the test fails."""

_SETTINGS = f"""\
REGISTER_SITE={SITE_URL}
REGISTER_SECRET={"s" * 43}
REGISTER_SENDER=MSIX Training <training@your-office.org>
REGISTER_MAIL=smtp://127.0.0.1:9
"""
_STYLE = re.compile(r'href="(/theme/site\.[0-9a-f]+\.css)"')


class LiveMachine:
    """A clone of the project that has all it needs, and whatever is started in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("Makefile", "pyproject.toml", "pelicanconf.py", "publishconf.py"):
            shutil.copy(ROOT / name, folder)
        for name in ("content", "theme", "plugins", "schedule", "requirements"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / ".gitignore").write_text((ROOT / ".gitignore").read_text() + ".venv\n")
        (folder / "register.env").touch(mode=0o600)
        (folder / "register.env").write_text(_SETTINGS)
        self._repository = Repository(folder)
        self._repository.commit()

    def write(self, path: str, old: str, new: str, *, commit: bool = True) -> None:
        """Edit a file of the project."""
        file = self.folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        if commit:
            self._repository.commit()

    def _command(self, *words: str) -> list[str]:
        # The environment is as good as it is: it is not this that is tried here.
        return ["make", "--old-file=.venv/ready-to-serve", *words]

    def _environment(self, **more: str) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return ours | {"BUILD_DATE": BUILD_DATE, "PYTHONDONTWRITEBYTECODE": "1"} | more

    def make(self, target: str, *, status: int = 0, **environment: str) -> str:
        """Run a command of the project to its end; return what it says."""
        done = subprocess.run(
            self._command(target),
            cwd=self.folder,
            env=self._environment(**environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    def publish(self, *, status: int = 0, site_url: str = SITE_URL) -> str:
        """Publish; return what it says."""
        return self.make("publish", status=status, SITEURL=site_url, SAMPLE_CONTENT="no")

    @contextmanager
    def running(self, command: list[str], *, until: str, **environment: str) -> Iterator[str]:
        """Start something, and kill it in the end, with all that it has started; yield the line that ends the wait."""
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._environment(**environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            timer = threading.Timer(PATIENCE, process.kill)
            timer.start()
            try:
                yield next(line.strip() for line in iter(process.stdout.readline, "") if until in line)
            finally:
                timer.cancel()
                os.killpg(process.pid, signal.SIGKILL)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the public; yield the address."""
        command = [sys.executable, "-m", "register", "serve", "--production", "--port", "0"]
        with self.running(command, until="serving on ", REGISTER_HOME=str(self.folder)) as line:
            yield line.removeprefix("serving on ")

    @contextmanager
    def previewing(self, port: int) -> Iterator[str]:
        """Try the site out, as writers do."""
        with self.running(self._command("serve"), until="http://localhost", PORT=str(port)) as line:
            yield line

    def killed_while_publishing(self) -> None:
        """Publish, and be killed when the pages are there and nothing is linked yet."""
        halt = (
            "\nimport sys\nfrom plugins.trainings import signals\n"
            "def halt(_):\n    print('all but linked', flush=True)\n    sys.stdin.read()\n"
            "signals.site_written.connect(halt)\n"
        )
        settings = self.folder / "publishconf.py"
        before = settings.read_text()
        settings.write_text(before + halt)
        command = [sys.executable, "-m", "plugins.publish"]
        given = {"SITEURL": SITE_URL, "SAMPLE_CONTENT": "no"}
        with self.running(command, until="all but linked", **given):
            settings.write_text(before)


class Reader:
    """Somebody who asks for a page and its style fifty times a second, and notes whatever is wrong with them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.wrong: Counter[str] = Counter()
        self.styles: list[str] = []
        """Those of the pages, one after the other."""
        self._stop = threading.Event()
        self._new = threading.Condition()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)

    def ask(self, path: str) -> tuple[int, str]:
        """Return status and text. Raises OSError, HTTPException."""
        connection = HTTPConnection(urlsplit(self._url).netloc, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def _read(self) -> None:
        while not self._stop.wait(1 / 50):
            try:
                status, page = self.ask("/")
                styles = _STYLE.findall(page)
                found = [self.ask(style)[0] for style in styles]
            except (OSError, HTTPException) as error:
                self.wrong[repr(error)] += 1
                continue
            for what, is_so in {
                f"status {status}": status != 200,
                "the sample notice": "Sample site" in page,
                "an address at home": "localhost" in page,
                f"styles {found}": found != [200],
            }.items():
                self.wrong[what] += is_so
            with self._new:
                self.styles += styles
                self._new.notify_all()

    def next_style(self) -> str:
        """Return the style of a page that is asked for from now on."""
        with self._new:
            # One that was on the way may have been asked for before.
            enough = len(self.styles) + 2
            assert self._new.wait_for(lambda: len(self.styles) >= enough, PATIENCE)
            return self.styles[-1]
