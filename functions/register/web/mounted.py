# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application in a folder of its host, as servers say it that mount applications (PEP 3333)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def mounted(app: WSGIApplication) -> WSGIApplication:
    """Return an application that finds the folder in the path, as our routes have it, wherever a server says it."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if folder := environ.get("SCRIPT_NAME"):
            environ |= {"SCRIPT_NAME": "", "PATH_INFO": f"{folder}{environ.get('PATH_INFO', '')}"}
        return app(environ, start_response)

    return application
