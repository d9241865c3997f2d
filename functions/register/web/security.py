# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands before and behind every answer: who may ask, how often, and what headers go out."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from register.domain.errors import Refused

FRONT_HEADER = "X-Origin-Verify"
"""The front (CloudFront) proves itself with this header; who asks the function directly does not have it."""

# The pages' own policy, and that nobody frames them: a `meta` element cannot say this (CSP 3, section 3.3).
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # Not `no-referrer`: with it, browsers send `Origin: null` with a form.
    ("Referrer-Policy", "same-origin"),
    ("X-Robots-Tag", "noindex"),
)


class ForeignForm(Refused):
    """A form of which no browser says that it was on a page of this site."""

    def __init__(self) -> None:
        super().__init__("the form was not on a page of this site; open the page there and send it again")


@lru_cache(maxsize=1024)
def client_key(secret: bytes, address: str) -> str:
    """Return what stands for a network address, with or without a port, in limits and logs.

    Of IPv6 the first 64 bits count: one household or phone has all addresses that begin with them.
    """
    host = _without_port(address)
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        network = host
    else:
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        long = isinstance(parsed, ipaddress.IPv6Address)
        network = str(int(parsed) >> 64) if long else str(parsed)
    return hmac.digest(secret, f"client {network}".encode(), hashlib.sha256).hex()[:32]


def _without_port(address: str) -> str:
    """Some proxies write a port behind an address (RFC 7239, section 6), and each connection has another."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _, rest = address.partition(":")
    return address if ":" in rest else host


def origin_of(address: str) -> str:
    """Return the origin of an address, as browsers write it (RFC 6454, section 6.1)."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_from_this_site(headers: Headers, origin: str) -> bool:
    """Whether a browser says that a form was on a page of this site.

    `Sec-Fetch-Site` cannot be set by a page; older browsers send `Origin` alone. Neither one is a no.
    """
    return headers.get("Sec-Fetch-Site") == "same-origin" or headers.get("Origin", "").lower() == origin


def came_through_front(headers: Headers, secrets: Sequence[str]) -> bool:
    """Whether a request has one of the secrets of the front; always, where there are none."""
    if not secrets:
        return True
    given = headers.get(FRONT_HEADER, "").encode(errors="surrogateescape")
    found = [hmac.compare_digest(given, secret.encode()) for secret in secrets]
    return any(found)
