# SPDX-License-Identifier: AGPL-3.0-or-later
"""A web server on loopback for as long as a test needs it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WAIT = 10
"""Seconds within which it has stopped."""


def listen() -> tuple[socket.socket, str]:
    """Return a socket on a free port, and its address without a slash at its end."""
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def serving(
    application: WSGIApplication, listening: socket.socket, *, behind_another: bool = False
) -> Iterator[None]:
    """Serve an application as `make serve` does, until the block ends; `behind_another` keeps what a front tells."""
    server = create_server(
        application,
        sockets=[listening],
        threads=8,
        ident=None,
        clear_untrusted_proxy_headers=not behind_another,
    )

    def stop() -> None:
        # Browsers keep connections open, and the server's loop goes on as long as there is one.
        for channel in list(server.active_channels.values()):
            channel.close()
        server.close()

    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield
    finally:
        server.task_dispatcher.shutdown()  # who has gone away is owed an answer, too
        # While the lock is held the loop runs nothing: another's pull could let it stop, and close what is pulled here.
        with server.trigger.lock:
            server.trigger.thunks.append(stop)
            server.trigger.pull_trigger()
        thread.join(WAIT)
        assert not thread.is_alive(), f"the server did not stop within {WAIT} seconds"
