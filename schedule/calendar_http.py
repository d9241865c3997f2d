# SPDX-License-Identifier: AGPL-3.0-or-later
"""How calendars are sent over HTTP (RFC 9110), around whatever application serves the files of a site.

Calendar programs ask every few hours, most of the time for what they have: an answer is known again by its bytes, so
that a site that is published daily sends a feed only when the feed has changed.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from schedule.addresses import SESSION_FILE

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TYPE = "text/calendar; charset=utf-8"

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)
_SESSION = re.compile(rf"/([A-Za-z0-9-]+)/{re.escape(SESSION_FILE)}$")
# What stays of the headers of a file where there is nothing new to send (RFC 9110 §15.4.5), or whatever is sent.
_KEPT = frozenset({"cache-control", "date", "expires", "last-modified", "x-content-type-options"})

# What a client may ask for that is answered here, and the server's own way to send a file.
_ASKED = frozenset(
    {
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_RANGE",
        "HTTP_IF_RANGE",
        "HTTP_ACCEPT_ENCODING",
        "wsgi.file_wrapper",
    }
)


def with_calendars(site: WSGIApplication) -> WSGIApplication:
    """Return an application that sends calendars as their readers need them, and leaves all else to `site`.

    `site` must answer 200 with the whole file to a GET without conditions; what else it says of it, as Cache-Control
    and Last-Modified, is kept.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if not path.endswith(".ics") or method not in ("GET", "HEAD"):
            return site(environ, start_response)
        status, found, data = _whole(site, environ)
        if not status.startswith("200"):
            start_response(status, found)
            return [] if method == "HEAD" else [data]
        modified = next((value for name, value in found if name.lower() == "last-modified"), None)
        tag = f'"{sha256(data).hexdigest()[:32]}"'
        zipped = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = [(name, value) for name, value in found if name.lower() in _KEPT]
        headers += [
            # Two codings of the same calendar are not the same bytes, so their tag is a weak one (§8.8.1).
            ("ETag", f"W/{tag}" if zipped else tag),
            ("Vary", "Accept-Encoding"),
            # Feeds are public, and pages of other offices may show them.
            ("Access-Control-Allow-Origin", "*"),
        ]
        if _is_known(environ, tag, modified):
            start_response("304 Not Modified", headers)
            return []
        if zipped:
            data = gzip.compress(data, compresslevel=6, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        if session := _SESSION.search(path):
            headers.append(("Content-Disposition", f'attachment; filename="{session[1]}.ics"'))
        start_response("200 OK", [*headers, ("Content-Type", TYPE), ("Content-Length", str(len(data)))])
        return [] if method == "HEAD" else [data]

    return application


def _whole(site: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return status, headers and body of what a site says of a file, whatever part or change of it was asked for."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    parts: list[bytes] = []

    def start(
        status: str,
        headers: list[tuple[str, str]],
        exc_info: OptExcInfo | None = None,  # noqa: ARG001 - PEP 3333
        /,
    ) -> Callable[[bytes], object]:
        told.append((status, headers))
        return parts.append

    plain = {name: value for name, value in environ.items() if name not in _ASKED}
    answer = site(plain | {"REQUEST_METHOD": "GET"}, start)
    try:
        parts += answer
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers = told[-1]
    return status, headers, b"".join(parts)


def _is_known(environ: WSGIEnvironment, tag: str, modified: str | None) -> bool:
    """Whether the client has what it would get: If-None-Match goes before If-Modified-Since (RFC 9110 §13.2.2)."""
    given = environ.get("HTTP_IF_NONE_MATCH")
    if given is not None:
        return given.strip() == "*" or tag in _TAG.findall(given)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    # No date, one without a zone, or one of a year that no calendar has: the condition is left aside (§13.1.3).
    except (ValueError, TypeError, OverflowError):
        return False


def _takes_gzip(accepted: str) -> bool:
    """Whether a client takes gzip, by its Accept-Encoding (§12.5.3)."""
    weights: dict[str, float] = {}
    for each in accepted.lower().split(","):
        coding, has_weight, weight = (part.strip() for part in each.partition(";"))
        given = _WEIGHT.fullmatch(weight)
        if given or not has_weight:
            weights[coding] = float(given[1]) if given else 1.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0
