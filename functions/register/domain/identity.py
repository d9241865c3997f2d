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

_NOTHING = dict.fromkeys(map(ord, ".'’‘`´׳Ꞌꞌʼʻ-\u2010\u2011–"))
"""Apostrophes, hyphens and periods, as names may hold them (`register.domain.names`)."""


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
    """Return a name as it is compared: case, width, accents, apostrophes, hyphens, periods and blanks are nothing.

    People write them now and not then, and phones do as they like: "Maria Lopez" is "María López", "OBrien" is
    "O’Brien", "Jose Luis" is "José-Luis". Latin letters lose all marks, the tilde of ñ too: in names "Nunez" is
    Núñez on another keyboard, and no other person. Letters that no mark makes (ø, ł, ı) stay as they are, and so
    do the marks of other scripts, which make other letters there (й, ガ).
    """
    text = unicodedata.normalize("NFKC", name.translate(_NOTHING)).casefold()
    kept, after_latin = [], False
    for character in "".join(unicodedata.normalize("NFKD", text).split()):
        if unicodedata.category(character) != "Mn":
            after_latin = unicodedata.name(character, "").startswith("LATIN ")
        elif after_latin:
            continue
        kept.append(character)
    return unicodedata.normalize("NFKC", "".join(kept))


def digest(*parts: str) -> str:
    """Return the SHA-256 of texts, in 43 characters that may stand in a URL (RFC 4648 §5)."""
    raw = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(raw).decode().rstrip("=")
