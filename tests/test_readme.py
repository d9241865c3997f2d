# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two commands that the README begins with, typed into a clone."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.clones import AS_IT_IS, clone_into, give_environment, give_noting_python
from tests.support.constants import BUILD_DATE
from tests.support.content import Repository, copy_content
from tests.support.documented import in_shell, run
from tests.support.serving import listen

WAIT = 120
"""Seconds until something must have happened on the slowest machine."""


def test_make_test_tries_for_a_browser_and_runs_what_is_not_long(tmp_path: Path) -> None:
    clone = clone_into(tmp_path)
    give_noting_python(clone)

    assert run("make test", by=in_shell(clone)).stdout.splitlines() == [
        "-m tests.support.chromium",
        "-m pytest --numprocesses 2 --dist worksteal -m not long",
    ]


@contextmanager
def running(command: str, folder: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command that goes on until Ctrl-C, which is sent at the end, or after a while."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    with subprocess.Popen(
        shlex.split(command),
        cwd=folder,
        env=ours | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        too_late = threading.Timer(WAIT, os.killpg, (process.pid, signal.SIGKILL))
        too_late.start()
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait()
            too_late.cancel()


@pytest.mark.long
def test_make_serve_prints_how_many_files_it_made_and_serves_site_and_sign_up(tmp_path: Path) -> None:
    clone = clone_into(tmp_path)
    give_environment(clone)
    listening, url = listen()
    listening.close()
    port = url.rpartition(":")[2]

    with run("make serve", by=lambda text: running(text, clone, PORT=port, MAKEFLAGS=AS_IT_IS)) as process:
        assert process.stdout
        printed = [next(process.stdout).strip()]
        while printed[-1] != f"http://localhost:{port}":
            printed.append(next(process.stdout).strip())
        connection = http.client.HTTPConnection("localhost", int(port), timeout=WAIT)
        answers = []
        for path in ("/es/schedule/", "/register/health"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answers.append((answer.status, bool(answer.read())))
        connection.close()

    assert re.fullmatch(r"(\d+) of \1 files made", printed[0])
    assert answers == [(200, True), (200, True)]
    assert (clone / "var/register.sqlite3").exists()


@pytest.mark.long
def test_make_publish_publishes_what_is_committed_at_the_address_that_it_is_given(tmp_path: Path) -> None:
    clone = clone_into(tmp_path, "content")
    copy_content(clone)
    Repository(clone).commit()
    give_environment(clone)

    shell = in_shell(clone, MAKEFLAGS=AS_IT_IS, BUILD_DATE=BUILD_DATE)
    published = run("SITEURL=https://trainings.example.org SAMPLE_CONTENT=no make publish", by=shell)

    assert re.fullmatch(r"published: \d+ files", published.stdout.strip())
    home = (clone / "published/site/index.html").read_text()
    assert re.findall('<link rel="canonical" href="(.+?)"', home) == ["https://trainings.example.org/"]
    assert (clone / "published/build/schedule.json").exists()
