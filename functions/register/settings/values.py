# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings' texts mean. Each parser raises ValueError with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import getaddresses

from register.domain.identity import is_plain_email
from register.domain.messages import Mailbox
from register.domain.rate_limits import Rate
from schedule.addresses import is_site_url

_SHORTEST_SECRET = 32
_WINDOWS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def site_url(text: str) -> str:
    """Return the public address without a slash at its end."""
    url = text.rstrip("/")
    if not is_site_url(url):
        raise ValueError("give the public address, as https://trainings.example.org")
    return url


def beginning_with(*schemes: str) -> Callable[[str], str]:
    """Return what takes a URL of one of these schemes."""

    def parse(text: str) -> str:
        if not any(text.startswith(scheme) and text != scheme for scheme in schemes):
            raise ValueError(f"it begins with {' or '.join(schemes)}")
        return text

    return parse


def several(text: str) -> tuple[str, ...]:
    """Return what is separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def secrets(text: str) -> tuple[str, ...]:
    """Return secrets to sign with, the newest first."""
    found = several(text)
    if not found or min(map(len, found)) < _SHORTEST_SECRET:
        raise ValueError(f"is shorter than {_SHORTEST_SECRET} characters; make a longer one")
    return found


def mailbox(text: str) -> Mailbox:
    """Return a name and an email address."""
    found = getaddresses([text])
    if len(found) != 1 or not is_plain_email(found[0][1]):
        raise ValueError("give one email address, as MSIX Training <training@example.org>")
    return Mailbox(*found[0])


def rate(text: str) -> Rate | None:
    """Return "60/hour" as a rate; 0 turns the limit off."""
    if text == "0":
        return None
    # A limit is kept with every time that it counts, and DynamoDB's items end at 400 KB.
    found = re.fullmatch(r"([1-9]\d{0,3})/(minute|hour|day)", text)
    if not found:
        raise ValueError("write it as 60/hour (minute, hour, day; 9999 at most), or 0 for none")
    return Rate(int(found[1]), _WINDOWS[found[2]])


def number_up_to(most: int) -> Callable[[str], int]:
    """Return what takes a whole number from 0 on."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,5}", text) or int(text) > most:
            raise ValueError(f"give a number from 0 to {most}")
        return int(text)

    return parse
