# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices a web server in front of which REGISTER_PROXIES does not know."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from register.stores.errors import StoreError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)


def noticing(everything: WSGIApplication, notice: Callable[[], None]) -> WSGIApplication:
    """Return an application that says once when a front on this machine passes a request on.

    From elsewhere the header means nothing: any visitor may send it.
    """
    is_noticed = False

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        nonlocal is_noticed
        if not is_noticed and "HTTP_X_FORWARDED_FOR" in environ and _is_here(environ.get("REMOTE_ADDR", "")):
            is_noticed = True
            _log.warning("a web server in front passes requests on, but REGISTER_PROXIES is 0; set it to 1")
            try:
                notice()
            except StoreError as error:
                _log.error("the doctor will not know of it: %s", error)
        return everything(environ, start_response)

    return application


def _is_here(network: str) -> bool:
    try:
        return ipaddress.ip_address(network).is_loopback
    except ValueError:
        return False
