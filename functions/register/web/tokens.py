# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed parts of URLs: the links to one's own registrations and their calendar, and the answer to a sign-up.

Signed, not encrypted: whoever has one can read it, so that none says a name or an email address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from register.domain.errors import RegisterError
from register.domain.model import State
from schedule.model import Language

RECEIPT_LASTS = timedelta(hours=1)
"""How long the page after a sign-up can be shown again."""


class BadToken(RegisterError):
    """A part of a URL that we have not signed, or not for this purpose."""

    def __init__(self) -> None:
        super().__init__("the link is not whole or not ours; open the one in the newest email")


class OldReceipt(RegisterError):
    """The answer to a sign-up of more than an hour ago."""

    def __init__(self) -> None:
        super().__init__("the page was good for an hour; the email has the link that lasts")


@dataclass(frozen=True, slots=True)
class Managed:
    """Which registration a link is for; it is dead once the registration has a newer link generation."""

    session_id: str
    registration_id: str
    link_generation: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the page after a sign-up says. `register.web.done` knows when it may also correct the registration."""

    session_id: str
    state: State
    place: int | None
    language: Language
    registration_id: str
    """Of what this sign-up made; made up where it made nothing, so that nobody is told which."""
    nonce: str
    """Random: what corrections by this receipt are counted by."""
    repeated: bool = False
    """Whether the person had signed up before."""


class Tokens:
    """Signs with the first of the secrets, and accepts what any of them has signed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._manage = serializer(secrets, "manage")
        self._again = serializer(secrets, "again")
        self._receipt = serializer(secrets, "receipt")
        self._mine = serializer(secrets, "mine")
        self._feed = serializer(secrets, "mine-feed")

    def manage(self, session_id: str, registration_id: str, link_generation: int) -> str:
        """Return the end of `/register/manage/…`; it lasts as long as the registration."""
        return text_of(self._manage.dumps([session_id, registration_id, link_generation]))

    def read_manage(self, token: str) -> Managed:
        """Return what a link is for. Raises BadToken."""
        match loaded(self._manage, token):
            case [str() as session_id, str() as registration_id, int() as link_generation]:
                return Managed(session_id, registration_id, link_generation)
        raise BadToken

    def again(self, managed: Managed, *, with_name: bool) -> str:
        """Return what fills in a form for the holder of a personal link, or for whoever gets its address from them.

        It opens no page and has no power: people pass on the address of the form for a colleague.
        """
        known = [managed.session_id, managed.registration_id, managed.link_generation, with_name]
        return text_of(self._again.dumps(known))

    def read_again(self, token: str) -> tuple[Managed, bool]:
        """Return whose details fill in a form, and whether name and email address are among them. Raises BadToken."""
        match loaded(self._again, token):
            case [
                str() as session_id,
                str() as registration_id,
                int() as link_generation,
                bool() as with_name,
            ]:
                return Managed(session_id, registration_id, link_generation), with_name
        raise BadToken

    def mine(self, email_hash: str) -> str:
        """Return the end of `/register/mine/…`: all registrations of the email address with this hash."""
        return text_of(self._mine.dumps([email_hash]))

    def read_mine(self, token: str) -> str:
        """Return the hash of the email address whose registrations a link shows. Raises BadToken."""
        return _hash_in(self._mine, token)

    def feed(self, email_hash: str) -> str:
        """Return what stands for an email address in its private feed.

        Calendar programs and their makers learn it: it shows no page, and so has no power over a registration.
        """
        return text_of(self._feed.dumps([email_hash]))

    def read_feed(self, token: str) -> str:
        """Return the hash of the email address that a private feed is about. Raises BadToken."""
        return _hash_in(self._feed, token)

    def receipt(self, receipt: Receipt, now: datetime) -> str:
        """Return the end of `/register/done/…`."""
        until = int((now + RECEIPT_LASTS).timestamp())
        said = [
            receipt.session_id,
            receipt.state.value,
            receipt.place,
            receipt.language.value,
            receipt.repeated,
        ]
        return text_of(self._receipt.dumps([*said, receipt.registration_id, receipt.nonce, until]))

    def read_receipt(self, token: str, now: datetime) -> Receipt:
        """Return what a receipt says. Raises BadToken, OldReceipt."""
        match loaded(self._receipt, token):
            case [
                str() as session_id,
                str() as state,
                int() | None as place,
                str() as language,
                bool() as repeated,
                str() as registration_id,
                str() as nonce,
                int() as until,
            ]:
                if now.timestamp() >= until:
                    raise OldReceipt
                return Receipt(
                    session_id, State(state), place, Language(language), registration_id, nonce, repeated
                )
        raise BadToken


def serializer(secrets: Sequence[str], purpose: str) -> URLSafeSerializer:
    """Return what signs for one purpose: what is signed for another is not accepted."""
    # itsdangerous wants the oldest key first; it signs with the last.
    return URLSafeSerializer(
        list(reversed(secrets)),
        salt=f"register.{purpose}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )


def _hash_in(signer: URLSafeSerializer, token: str) -> str:
    match loaded(signer, token):
        case [str() as email_hash]:
            return email_hash
    raise BadToken


def loaded(signer: URLSafeSerializer, token: str) -> Any:
    """Return what was signed. Raises BadToken."""
    try:
        return signer.loads(token)
    except BadData:
        raise BadToken from None


def text_of(signed: str | bytes) -> str:
    """Return what is signed as a part of a URL."""
    return signed if isinstance(signed, str) else signed.decode()
