# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes before and after every answer: who may ask, who is counted as one, and what headers go out."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from register.domain.errors import Refused, UnknownSession
from schedule.page_headers import PAGES

FRONT_HEADER = "X-Origin-Verify"
"""The front (CloudFront) proves itself with this header; requests straight to the function do not have it."""

HEADERS = (*PAGES, ("X-Robots-Tag", "noindex"))
"""What goes out with every answer of the function."""

_LONGEST_ID = 200
"""Characters of a session's id. DynamoDB refuses keys that are far longer, which would look as if it were down."""


class ForeignForm(Refused):
    """A form of which no browser says that it was on a page of this site."""

    def __init__(self) -> None:
        super().__init__("the form was not on a page of this site; open the page there and send it again")


def possible_id(session_id: str) -> str:
    """Return the id of a session as a visitor has sent it. Raises UnknownSession where none is so long."""
    if len(session_id) > _LONGEST_ID:
        raise UnknownSession(session_id[:_LONGEST_ID])
    return session_id


def client_key(key: bytes, network: str) -> str:
    """Return what stands for a client's network address, with or without a port, in limits and logs.

    Of IPv6 the first 64 bits count: one household or phone has all addresses that begin with them.
    """
    host = _without_port(network)
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        counted = host
    else:
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        is_ipv6 = isinstance(ip, ipaddress.IPv6Address)
        counted = str(int(ip) >> 64) if is_ipv6 else str(ip)
    return hmac.digest(key, f"client {counted}".encode(), hashlib.sha256).hex()[:32]


def _without_port(network: str) -> str:
    """Some proxies write a port behind a network address (RFC 7239, section 6); each connection has another."""
    if network.startswith("["):
        return network[1:].partition("]")[0]
    host, _, rest = network.partition(":")
    return network if ":" in rest else host


def origin_of(url: str) -> str:
    """Return the origin of a URL, as browsers write it (RFC 6454, section 6.1)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_from_this_site(headers: Headers, origin: str) -> bool:
    """Whether a browser says that a form was on a page of this site.

    A page cannot set `Sec-Fetch-Site`; older browsers send `Origin` alone. A form with neither is refused.
    """
    return headers.get("Sec-Fetch-Site") == "same-origin" or headers.get("Origin", "").lower() == origin


def came_through_front(headers: Headers, secrets: Sequence[str]) -> bool:
    """Whether a request has one of the secrets of the front; always, where there are none."""
    if not secrets:
        return True
    given = headers.get(FRONT_HEADER, "").encode(errors="surrogateescape")
    found = [hmac.compare_digest(given, secret.encode()) for secret in secrets]
    return any(found)
