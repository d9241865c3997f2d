# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Amazon SES tells of mail that came back, as `register doctor` shows it.

Source: Amazon SES Developer Guide, "Contents of event data that Amazon SES publishes to Amazon SNS".
"""

from __future__ import annotations

import json
import re
from email.utils import parseaddr
from typing import Any

_FIT = re.compile(r"[A-Za-z0-9.-]{1,40}")
"""What a word of a notice may look like to be kept: the rest may quote a mail server, and so a person."""


def read(text: str) -> list[tuple[str, str]]:
    """Return each address in a notice with what went wrong, in a few words without any address.

    A notice of anything else is empty; so is one that is no notice: SES greets a new topic with a sentence.
    """
    try:
        notice = json.loads(text)
    except ValueError:
        return []
    kind = _dict(notice).get("eventType") or _dict(notice).get("notificationType")
    if kind == "Bounce":
        return _read(
            _dict(notice.get("bounce")), "bouncedRecipients", "bounce", ("bounceType", "bounceSubType")
        )
    if kind == "Complaint":
        return _read(
            _dict(notice.get("complaint")), "complainedRecipients", "complaint", ("complaintFeedbackType",)
        )
    return []


def _read(notice: dict[str, Any], people: str, what: str, about: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    several = notice.get(people)
    for one in map(_dict, several if isinstance(several, list) else ()):
        given = one.get("emailAddress")
        address = parseaddr(given)[1] if isinstance(given, str) else ""
        words = [what, *_fit(notice, *about), *_fit(one, "status")]
        if address:
            found.append((address, " ".join(words)))
    return found


def _fit(of: dict[str, Any], *names: str) -> list[str]:
    return [word for name in names if _FIT.fullmatch(word := str(of.get(name) or ""))]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
