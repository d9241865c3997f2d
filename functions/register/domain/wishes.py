# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody asks for by an email address alone, kept until it is looked up: so asking tells nobody anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from register.domain.identity import hash_of
from schedule.model import Language

KEPT = timedelta(days=1)
"""How long a wish stays that nobody has looked at: by then its owner has called."""


class WishPurpose(StrEnum):
    """What a wish is for."""

    LOST_LINK = "lost-link"
    """The emails with the personal links once more."""
    STAFF_LINK = "staff-link"
    """The link by which staff sign in."""


@dataclass(frozen=True, slots=True)
class Wish:
    """That an email address wants something; whether anybody has signed up with it is not known yet."""

    wish_id: str
    """Random: the same address asks twice without a trace of that."""
    purpose: WishPurpose
    email: str
    language: Language
    """Of the page; emails about a sign-up keep the language that was chosen there."""
    recorded: datetime

    @property
    def email_hash(self) -> str:
        """What stands for the email address in keys."""
        return hash_of(self.email)

    @property
    def expires(self) -> datetime:
        """When it goes although nobody has looked at it."""
        return self.recorded + KEPT
