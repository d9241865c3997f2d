# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the staff desk beside the application of visitors, who never load it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def with_desk(visitors: WSGIApplication, below: str, make: Callable[[], WSGIApplication]) -> WSGIApplication:
    """Return one application of two: what `make` returns, when it is first asked for, answers `below` an address."""
    desk = cache(make)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Without its slash it is the desk's, too: people type it.
        is_desk = f"{environ.get('PATH_INFO', '')}/".startswith(below)
        return (desk() if is_desk else visitors)(environ, start_response)

    return application
