# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an HTTP API of Amazon API Gateway hands in (payload format 2.0), as PEP 3333 can hold it.

API Gateway decodes paths, and hands in whatever letters a visitor has sent; WSGI's texts are bytes as Latin-1,
and what is none of them would be raised as an error, which rings an alarm.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from string import ascii_letters, digits, punctuation
from typing import Any
from urllib.parse import quote

_ASCII = ascii_letters + digits + punctuation


def as_bytes(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event whose path and query are percent-encoded, headers and cookies Latin-1, and the body bytes."""
    cleaned = dict(event)
    cleaned["rawPath"] = quote(event.get("rawPath") or "/", safe=_ASCII, errors="replace")
    cleaned["rawQueryString"] = quote(event.get("rawQueryString") or "", safe=_ASCII, errors="replace")
    cleaned["headers"] = {_latin(name): _latin(value) for name, value in (event.get("headers") or {}).items()}
    cleaned["cookies"] = [_latin(cookie) for cookie in event.get("cookies") or ()]
    if not event.get("isBase64Encoded"):
        body = (event.get("body") or "").encode("utf-8", "replace")
        cleaned |= {"body": b64encode(body).decode("ascii"), "isBase64Encoded": True}
    return cleaned


def _latin(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")
