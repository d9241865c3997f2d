# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hundreds who send or take letter by letter, behind each front: the site still answers the others.

The bare server cannot do that, and need not: it takes a hundred connections at a time, each from the front.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from register.entrypoints.server import beside
from register.entrypoints.static_site import files
from tests.support.built_site import BuiltSite
from tests.support.fronts import FRONTS, running
from tests.support.serving import listen, serving

pytestmark = pytest.mark.long

SLOW = 300
"""Three times as many as the program takes connections."""
PATIENCE = 8
"""Seconds within which the site answers somebody else; the slow ones may hold on for ten."""
HOST = "Host: trainings.your-office.org\r\n"
HEADER = f"GET /schedule/ HTTP/1.1\r\n{HOST}X-Slow: "
FORM = f"POST /register/2026-12-03-overview HTTP/1.1\r\n{HOST}Content-Length: 1000\r\n\r\nname="
TAKER = f"GET /large HTTP/1.1\r\n{HOST}\r\n"


def function(environ, start_response):
    """Answer as the sign-up function would, after all of the form has been read."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"well"]


@contextmanager
def slow_ones(url: str, first: str, number: int) -> Iterator[None]:
    """Be many visitors who have sent this much, and who say and take nothing more."""
    host, port = url.removeprefix("http://").split(":")
    with ExitStack() as open_ones:
        for _ in range(number):
            one = open_ones.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect((host, int(port)))
            one.sendall(first.encode())
        yield


def answered(url: str, path: str) -> bool:
    """Whether a visitor is answered in time."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().read() != b""
    except TimeoutError:
        return False
    finally:
        connection.close()


@pytest.fixture
def output(tmp_path: Path, site: BuiltSite) -> Path:
    """The built site, with a file that no buffer of a connection holds."""
    folder = tmp_path / "site"
    folder.mkdir()
    for made in site.output.iterdir():
        (folder / made.name).symlink_to(made)
    (folder / "large").write_bytes(b"x" * 3_000_000)
    return folder


@pytest.mark.parametrize(
    ("first", "number"),
    # What 150 take is half a gigabyte already.
    [(HEADER, SLOW), (FORM, SLOW), (TAKER, SLOW // 2)],
    ids=["header", "form", "taker"],
)
@pytest.mark.parametrize("name", FRONTS)
def test_slow_visitors_hold_up_nobody_behind_a_front(
    name: str, first: str, number: int, tmp_path: Path, output: Path
) -> None:
    listening, url = listen()
    with (
        serving(beside(function, files(output)), listening, behind_another=True),
        running(name, tmp_path / "front", site=output, function=url) as front,
        slow_ones(front.url, first, number),
    ):
        found = [answered(front.url, path) for path in ("/schedule/", "/register/health", "/es/")]
    assert found == [True, True, True]


def test_slow_visitors_would_hold_up_others_at_the_bare_server(output: Path) -> None:
    """So the test above is one of the fronts."""
    listening, url = listen()
    with serving(beside(function, files(output)), listening), slow_ones(url, HEADER, 110):
        assert not answered(url, "/schedule/")
