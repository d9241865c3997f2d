# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calendars over HTTP, by the preview and by the server for the public alike."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from plugins.serve import static_files
from register.entrypoints.static_site import files

FEED = "/calendar/all.ics"
SESSION = "/schedule/2026-12-10-secondary-user/session.ics"
DATA = b"BEGIN:VCALENDAR\r\n" + b"X-PART:of a calendar\r\n" * 200 + b"END:VCALENDAR\r\n"
WRITTEN = 1_795_608_000
"""2026-11-25 12:00 UTC."""
MODIFIED = "Wed, 25 Nov 2026 12:00:00 GMT"

Asks = Callable[..., TestResponse]


def write(root: Path, path: str, data: bytes, at: int = WRITTEN) -> None:
    """Put a file at an address of a built site."""
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    os.utime(file, (at, at))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A built site of two calendars and a page that says that something is missing."""
    for path in (FEED, SESSION, f"/es{SESSION}"):
        write(tmp_path, path, DATA)
    write(tmp_path, "/404.html", b"<!doctype html><title>Missing</title>")
    return tmp_path


@pytest.fixture(params=[static_files, files], ids=["make serve", "register serve"])
def ask(request: pytest.FixtureRequest, root: Path) -> Asks:
    """Ask one of the two servers for a path, with headers."""
    client = Client(request.param(root))

    def ask(path: str = FEED, method: str = "GET", **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(path, method=method, headers=named, buffered=True)

    return ask


def test_a_calendar_says_what_it_is_and_when_it_changed(ask: Asks) -> None:
    answer = ask()

    assert (answer.status_code, answer.data) == (200, DATA)
    headers = dict(answer.headers)
    headers.pop("Cache-Control")
    headers.pop("X-Content-Type-Options", None)
    headers.pop("X-Frame-Options", None)
    assert headers == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(DATA)),
        "Last-Modified": MODIFIED,
        "ETag": answer.headers["ETag"],
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    }


def test_publishing_the_same_bytes_again_keeps_the_tag_and_other_bytes_get_another(
    ask: Asks, root: Path
) -> None:
    tag = ask().headers["ETag"]
    write(root, FEED, DATA, WRITTEN + 86_400)
    assert ask().headers["ETag"] == tag
    assert ask(If_None_Match=tag).status_code == 304
    # The same length and the same second: the bytes alone differ.
    write(root, FEED, DATA.replace(b"of a", b"of b"), WRITTEN)
    assert ask().headers["ETag"] != tag
    assert ask(If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        "{tag}",
        "W/{tag}",
        '"another", {tag}',
        'W/"one",W/{tag} , "three"',
        "*",
        " * ",
    ],
)
def test_a_client_that_names_the_tag_gets_304_however_it_says_so(ask: Asks, given: str) -> None:
    tag = ask().headers["ETag"]

    for method in ("GET", "HEAD"):
        answer = ask(method=method, If_None_Match=given.format(tag=tag))
        assert (answer.status_code, answer.data) == (304, b"")
        assert {name: answer.headers.get(name) for name in ("ETag", "Last-Modified", "Vary")} == {
            "ETag": tag,
            "Last-Modified": MODIFIED,
            "Vary": "Accept-Encoding",
        }
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Cache-Control" in answer.headers
        assert not {"Content-Length", "Content-Type", "Content-Encoding"} & set(answer.headers.keys())


@pytest.mark.parametrize("given", ['"another"', 'W/"another"', "", "no-quotes", '"*"'])
def test_a_client_that_has_something_else_gets_the_calendar_whatever_its_clock_says(
    ask: Asks, given: str
) -> None:
    answer = ask(If_None_Match=given, If_Modified_Since=MODIFIED)

    assert (answer.status_code, answer.data) == (200, DATA)


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (MODIFIED, 304),
        ("Thu, 26 Nov 2026 12:00:00 GMT", 304),
        ("Wed, 25 Nov 2026 11:59:59 GMT", 200),
        ("yesterday", 200),
        ("Wed, 25 Nov 2026 12:00:00 -0000", 200),
        ("Thu, 26 Nov 99999999999999999999 12:00:00 GMT", 200),
        ("Thu, 26 Nov 2026 12:00:00 +99999999999999999999", 200),
    ],
)
def test_a_client_with_a_time_alone_is_answered_by_it(ask: Asks, since: str, status: int) -> None:
    assert ask(If_Modified_Since=since).status_code == status


@pytest.mark.parametrize(
    "accepted", ["gzip", "br, GZIP;q=0.5", "deflate, gzip ; q=1.0", "*", "identity;q=0, *"]
)
def test_a_client_that_takes_gzip_gets_it_with_a_weak_tag_that_it_may_send_back(
    ask: Asks, accepted: str
) -> None:
    plain = ask()
    answer = ask(Accept_Encoding=accepted)

    assert gzip.decompress(answer.data) == DATA
    assert len(answer.data) < len(DATA) / 10
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["ETag"] == f"W/{plain.headers['ETag']}"
    again = ask(Accept_Encoding=accepted, If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.headers["ETag"]) == (304, answer.headers["ETag"])


# The last ones keep a pattern that begins anew at each letter busy for minutes.
@pytest.mark.parametrize(
    "accepted",
    [
        "",
        "br",
        "gzip;q=0",
        "gzip; q=0.000, *",
        "x-gzip-like",
        "gzip;q=1..2",
        "a" * 64_000 + " b",
        " " * 64_000 + ";",
    ],
    ids=lambda accepted: accepted[:16],
)
def test_a_client_that_does_not_take_gzip_gets_the_plain_bytes(ask: Asks, accepted: str) -> None:
    answer = ask(Accept_Encoding=accepted)

    assert (answer.status_code, answer.data) == (200, DATA)
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("accepted", ["", "gzip"])
@pytest.mark.parametrize("path", [FEED, SESSION])
def test_head_says_just_what_get_says(ask: Asks, path: str, accepted: str) -> None:
    get, head = (ask(path, method, Accept_Encoding=accepted) for method in ("GET", "HEAD"))

    assert head.data == b""
    assert (head.status_code, list(head.headers)) == (get.status_code, list(get.headers))


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_file_of_a_session_is_saved_under_the_sessions_name(ask: Asks, prefix: str) -> None:
    answer = ask(prefix + SESSION)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-12-10-secondary-user.ics"'
    assert "Content-Disposition" not in ask(FEED).headers


def test_a_calendar_is_sent_whole_whatever_part_is_asked_for(ask: Asks) -> None:
    answer = ask(Range="bytes=0-9", If_Range="x")

    assert (answer.status_code, answer.data) == (200, DATA)


def test_a_calendar_that_is_not_there_is_said_to_be_missing(ask: Asks) -> None:
    answer = ask("/calendar/none.ics")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert b"Missing" in answer.data
    assert ask("/calendar/none.ics", "HEAD").data == b""
    assert ask("/calendar/none.ics", If_None_Match="*").status_code == 404


def test_pages_are_left_to_the_server_of_files(ask: Asks) -> None:
    answer = ask("/404.html")

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_nobody_posts_to_a_calendar(ask: Asks) -> None:
    assert ask(method="POST").status_code == 405
