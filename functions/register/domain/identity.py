# SPDX-License-Identifier: AGPL-3.0-or-later
"""When two sign-ups are by one person, and what stands for people in keys.

Plain SHA-256 and never keyed: the keys that sign links are exchanged, those of items are not.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import urlsafe_b64encode

_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"  # RFC 5322 §3.2.3
_EMAIL = re.compile(rf"(?!.*=\?){_ATOM}(?:\.{_ATOM})*@[A-Z0-9-]+(?:\.[A-Z0-9-]+)*", re.ASCII | re.IGNORECASE)


def is_plain_email(text: str) -> bool:
    """Whether a text is one email address that a header can hold as it is, and no encoded word (RFC 2047)."""
    return _EMAIL.fullmatch(text) is not None


def identity_of(email: str, name: str) -> str:
    """Return the same for the same name with the same email address, however they are written."""
    return digest(normalized_email(email), normalized_name(name))


def hash_of(email: str) -> str:
    """Return what stands for an email address in keys."""
    return digest(normalized_email(email))


def normalized_email(email: str) -> str:
    """Return an email address as it is compared: nobody has two mailboxes that differ in case alone."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def normalized_name(name: str) -> str:
    """Return a name as it is compared: without regard to case, width and spacing."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def digest(*parts: str) -> str:
    """Return the SHA-256 of texts, in 43 characters that may stand in a URL (RFC 4648 §5)."""
    raw = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(raw).decode().rstrip("=")
