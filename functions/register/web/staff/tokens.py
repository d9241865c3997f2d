# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is signed for staff: the link to sign in, the cookie of whoever has, and the address of a private feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from register.domain.errors import RegisterError
from register.domain.identity import hash_of
from register.domain.messages import Message
from register.domain.staff import LINK_LASTS
from register.web.tokens import BadToken, loaded, serializer, text_of

SIGN_IN_LASTS = timedelta(hours=12)
"""How long somebody stays signed in: a working day."""


class OldSignInLink(RegisterError):
    """A link to sign in that is too old, was used, or is somebody's who is no longer staff."""

    def __init__(self) -> None:
        super().__init__("the link to sign in was good once and for 15 minutes; ask for a new one")


@dataclass(frozen=True, slots=True)
class SignInLink:
    """Whom a link signs in; the nonce is that of this link alone."""

    email_hash: str
    nonce: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who has signed in; it has ended once the person has a newer generation."""

    email: str
    generation: int


class StaffTokens:
    """Signs with the first of the secrets, and accepts what any of them has signed. All instants are in UTC."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._link = serializer(secrets, "staff-link")
        self._sign_in = serializer(secrets, "staff")
        self._feed = serializer(secrets, "staff-feed")

    def link(self, link: SignInLink, now: datetime) -> str:
        """Return the end of `/register/staff/in/…`; whoever signs in by it sees to it that this is done once."""
        return text_of(self._link.dumps([link.email_hash, link.nonce, _until(now + LINK_LASTS)]))

    def link_of(self, message: Message) -> str:
        """Return the link of the message that brings it: good once, and as long as the message says."""
        return self.link(SignInLink(hash_of(message.email), nonce=message.occasion), message.recorded)

    def read_link(self, token: str, now: datetime) -> SignInLink:
        """Return whom a link signs in. Raises BadToken, OldSignInLink."""
        match loaded(self._link, token):
            case [str() as email_hash, str() as nonce, int() as until]:
                if now.timestamp() >= until:
                    raise OldSignInLink
                return SignInLink(email_hash, nonce)
        raise BadToken

    def sign_in(self, sign_in: SignIn, now: datetime) -> str:
        """Return the value of the cookie of somebody who has just signed in."""
        return text_of(self._sign_in.dumps([sign_in.email, sign_in.generation, _until(now + SIGN_IN_LASTS)]))

    def read_sign_in(self, token: str, now: datetime) -> SignIn:
        """Return who has signed in. Raises BadToken, also for what is too old."""
        match loaded(self._sign_in, token):
            case [str() as email, int() as generation, int() as until] if now.timestamp() < until:
                return SignIn(email, generation)
        raise BadToken

    def feed(self, email_hash: str, feed_generation: int) -> str:
        """Return what stands for somebody in the address of their private feed; a newer generation ends it."""
        return text_of(self._feed.dumps([email_hash, feed_generation]))

    def read_feed(self, token: str) -> tuple[str, int]:
        """Return whose feed it is, as the hash of their email address, and its generation. Raises BadToken."""
        match loaded(self._feed, token):
            case [str() as email_hash, int() as feed_generation]:
                return email_hash, feed_generation
        raise BadToken


def _until(when: datetime) -> int:
    return int(when.timestamp())
