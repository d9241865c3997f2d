# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function on one machine: beside the built site for the public, or beside the preview of `make serve`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from waitress.server import create_server

from register.bootstrap import Application
from register.domain.errors import RegisterError
from register.entrypoints.notes import note_secret, noticing_a_front
from register.entrypoints.static_site import shown_site
from schedule.addresses import FUNCTION, Addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LARGEST_BODY = 4 * 1024 * 1024
"""Bytes that the server reads at all; more than a form or an upload may have the application refuses, in words."""


class PortTaken(RegisterError):
    """Another program listens where the server should."""

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(f"port {port} cannot be had ({reason}); try another, as --port 8001")
        self.port = port


def serve(
    application: Application, output: Path, *, host: str, port: int, ready: Callable[[str], None]
) -> None:
    """Serve the built site and the function, and deliver emails, until interrupted.

    Raises PortTaken, ConfigError, StoreError.
    """
    workers = application.workers()
    note_secret(application)
    folder = Addresses(application.config.site_url).folder
    site = shown_site(application.current, application.config.build, output, folder)
    everything = noticing_a_front(beside(application.app(workers.wake), site, folder), application)
    try:
        server = create_server(
            everything,
            host=host,
            port=port,
            threads=8,
            ident=None,
            max_request_body_size=_LARGEST_BODY,
            # Which of them to trust is the application's affair (REGISTER_PROXIES).
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:
        raise PortTaken(port, error.strerror or type(error).__name__) from error
    try:
        with suppress(KeyboardInterrupt):
            workers.start()
            ready(f"http://{host}:{getattr(server, 'effective_port', port)}{folder}")
            server.run()
    finally:
        server.close()
        workers.stop()
        application.close()


def beside(function: WSGIApplication, site: WSGIApplication, folder: str = "") -> WSGIApplication:
    """Return one application of the function and the static site, both in a folder of their host, as `/msix`."""
    below = f"{folder}{FUNCTION}"

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answers = function if environ.get("PATH_INFO", "").startswith(below) else site
        return answers(environ, start_response)

    return application


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write the function's log to stderr; it holds no personal data."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logger = logging.getLogger("register")
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
