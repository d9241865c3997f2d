# SPDX-License-Identifier: AGPL-3.0-or-later
"""What no public text may hold, wherever it is written: the address of an online meeting, and what is put in later."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\{\{\s*([^{}\n]*?)\s*\}\}")

UNFIT_HINT = "delete the character, or write it in another way"

MEETING = "holds the address of an online meeting, which everyone could read here"
MEETING_HINT = (
    'delete it here; in a session\'s file, "Join-Url: https://…" gives it to people with a seat alone'
)

# The services' own pages of help and for trying the sound are nobody's meeting.
_MEETING = re.compile(
    r"""
    (?<![\w@.-])(?!support\.|help\.|www\.)
    (?:[\w-]+\.)*
    (?:zoom\.us|zoomgov\.com|zoom\.com|meet\.google\.com|teams\.microsoft\.com|teams\.live\.com
      |webex\.com|gotomeeting\.com|goto\.com|gotomeet\.me|meet\.jit\.si|whereby\.com|bluejeans\.com
      |join\.skype\.com|meet\.lync\.com|chime\.aws|ringcentral\.com|8x8\.vc|meet\.goto\.com)
    (?::\d+)?/(?!test\b|download|support|[^\w]|$)[\w?]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def meeting_in(text: str) -> re.Match[str] | None:
    """Return where the address of a meeting stands in a text, at one of the services that people use."""
    return _MEETING.search(text) if "/" in text else None
