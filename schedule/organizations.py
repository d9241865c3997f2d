# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organizations that the form offers, as `content/organizations.md` lists them, and when two names are the same."""

from __future__ import annotations

import unicodedata

MOST = 300
"""How many a list may have: each open session's page holds them all."""

OTHER = "other"
"""What stands in counts for all that are not listed."""


def folded(name: str) -> str:
    """Return a name as it is compared: case, accents, blanks and punctuation are nothing."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(character for character in parts if character.isalnum())
