# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Amazon SES reports of email that bounced or that somebody complained of, as `register doctor` shows it.

Source: Amazon SES Developer Guide, "Contents of event data that Amazon SES publishes to Amazon SNS".
"""

from __future__ import annotations

import json
import re
from email.utils import parseaddr
from typing import Any

_FIT = re.compile(r"[A-Za-z0-9.-]{1,40}")
"""What a word of a notice may look like to be kept: the rest may quote an email server, and so a person."""


def read(text: str) -> list[tuple[str, str]]:
    """Return each email address in a notice with what went wrong, in a few words that name nobody.

    A notice of anything else is empty; so is what is no notice: SES greets a new topic with a sentence.
    """
    try:
        notice = _dict(json.loads(text))
    except ValueError:
        return []
    kind = notice.get("eventType") or notice.get("notificationType")
    if kind == "Bounce":
        bounce = _dict(notice.get("bounce"))
        return _read(bounce, "bouncedRecipients", ["bounce", *_fit(bounce, "bounceType", "bounceSubType")])
    if kind == "Complaint":
        complaint = _dict(notice.get("complaint"))
        return _read(
            complaint, "complainedRecipients", ["complaint", *_fit(complaint, "complaintFeedbackType")]
        )
    return []


def _read(event: dict[str, Any], key: str, words: list[str]) -> list[tuple[str, str]]:
    found = []
    recipients = event.get(key)
    for recipient in map(_dict, recipients if isinstance(recipients, list) else ()):
        given = recipient.get("emailAddress")
        email = parseaddr(given)[1] if isinstance(given, str) else ""
        if email:
            found.append((email, " ".join([*words, *_fit(recipient, "status")])))
    return found


def _fit(values: dict[str, Any], *keys: str) -> list[str]:
    return [word for key in keys if _FIT.fullmatch(word := str(values.get(key) or ""))]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
