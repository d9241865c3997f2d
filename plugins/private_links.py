# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks for the private links of sessions, which stand nowhere in what is published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from html import unescape

_BEGINNING = re.compile(r"[^/:]*:?(?://[^/]*)?")
"""How an address begins: with its scheme and its host; or the name of a secret, with `secret:`."""


class PrivateLinks:
    """Addresses of meetings, and names of secrets."""

    def __init__(self, links: Iterable[str]) -> None:
        self._links = frozenset(links)
        # Many sessions meet at one host, which no public text names: whoever does not find it need not go on.
        self._beginnings = {found[0] for link in self._links if (found := _BEGINNING.match(link))}
        self.digest = sha256("\n".join(sorted(self._links)).encode()).digest()
        """Tells these links from any others, without saying one."""

    def stand_in(self, data: bytes) -> bool:
        """Whether one of them is in a file, as it is or as HTML and calendars write it."""
        if not self._links:
            return False
        text = data.decode(errors="replace")
        unfolded = re.sub(r"\\([,;])", r"\1", text.replace("\r\n ", ""))
        return any(map(self._is_in, (text, unescape(text), unfolded)))

    def _is_in(self, text: str) -> bool:
        return any(beginning in text for beginning in self._beginnings) and any(
            link in text for link in self._links
        )
