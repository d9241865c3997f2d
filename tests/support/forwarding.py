# SPDX-License-Identifier: AGPL-3.0-or-later
"""A way to the engine on which some requests are refused, as Amazon refuses what nobody has a right to."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError

_KEPT = ("authorization", "content-type", "x-amz-date", "x-amz-target")
_REFUSED = b'{"__type": "AccessDeniedException", "message": "no"}'


@dataclass(frozen=True)
class Asked:
    """A request for one of Amazon's services."""

    method: str
    path: str
    target: str
    """The operation as DynamoDB and SSM are told it: `DynamoDB_20120810.Query`; empty for others."""
    body: str


@contextmanager
def forwarding(url: str, refused: Callable[[Asked], bool]) -> Iterator[str]:
    """Give an address that passes requests on to another, but for those that are refused."""

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, self.headers.get("X-Amz-Target", ""), raw.decode())
            if refused(asked):
                status, answer = 400, _REFUSED
            else:
                headers = {name: value for name, value in self.headers.items() if name.lower() in _KEPT}
                whole = f"{url}{self.path}"
                request = urllib.request.Request(whole, raw or None, headers, method=self.command)  # noqa: S310 - the engine's
                try:
                    with urllib.request.urlopen(request) as given:  # noqa: S310 - the engine's
                        status, answer = given.status, given.read()
                except HTTPError as error:
                    status, answer = error.code, error.read()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            if answer is _REFUSED:
                self.send_header("X-Amzn-ErrorType", "AccessDeniedException")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *arguments: Any) -> None:
            """Write nothing."""

    with serving(Proxy) as address:
        yield address


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer on loopback until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
