# SPDX-License-Identifier: AGPL-3.0-or-later
"""An email as bytes that hold our headers, once each, and no others, whatever a visitor has typed.

Three defenses, each enough by itself. The form refuses names and addresses that could be structure. Here the
headers are encoded and written by us: Python's own `EmailMessage` decodes RFC 2047 words in what it is given,
and a name became a Subject or a second address that way. And the finished bytes are read back and compared
with what they should be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, compat32
from email.utils import getaddresses

from register.domain.errors import RegisterError
from register.domain.identity import is_plain_email
from register.domain.messages import Mailbox

LINE = 76
"""Characters that a line with an encoded word may have (RFC 2047 §2)."""

OF_THE_BODY = ("MIME-Version", "Content-Type")
"""The headers that `EmailMessage` writes by itself above several parts."""

_PLAIN_NAME = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_ENCODED_WORD = "=?"


class UnsafeEmail(RegisterError):
    """An email whose bytes would say something other than we mean. The message quotes nothing of it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; the email is not sent")
        self.what = what


@dataclass(frozen=True, slots=True)
class Email:
    """What goes out: the envelope (RFC 5321), and the bytes that go with it (RFC 5322)."""

    sender: str
    recipient: str
    name: str
    """Tells two emails apart, sorts by time, and says nothing about the person."""
    content: bytes = field(repr=False)


def deliverable(name: str, email: str) -> Mailbox:
    """Return whom an email goes to, the domain of their address as DNS has it. Raises UnicodeError."""
    local, at, domain = email.rpartition("@")
    return Mailbox(name, f"{local}{at}{domain.encode('idna').decode('ascii')}")


def mailbox(owner: Mailbox) -> str:
    """Return a name and an email address as a header holds them (RFC 5322 §3.4). Raises UnsafeEmail.

    A name that is more than plain words is encoded, so that no character in it means anything.
    """
    if not is_plain_email(owner.email):
        raise UnsafeEmail("the email address cannot stand in a header")
    if not owner.name:
        return owner.email
    plain = len(owner.name) < LINE // 2 and _PLAIN_NAME.fullmatch(owner.name)
    phrase = owner.name if plain else Header(owner.name, "utf-8", header_name="Reply-To").encode()
    # Behind encoded words the email address gets a line of its own: their line may be full.
    return f"{phrase}{' ' if plain else chr(10) + ' '}<{owner.email}>"


def unstructured(text: str) -> str:
    """Return one line of text as a header holds it (RFC 5322 §3.6.5)."""
    plain = text.isascii() and text.isprintable() and _ENCODED_WORD not in text
    return Header(text, "us-ascii" if plain else "utf-8", header_name="Subject").encode()


def written(headers: Sequence[tuple[str, str]], body: EmailMessage) -> bytes:
    """Return the bytes of an email: these headers, and behind them those of the body and the body itself."""
    head = "".join(f"{name}: {value}\n" for name, value in headers)
    return head.replace("\n", "\r\n").encode("ascii") + body.as_bytes(policy=SMTP)


def read_back(content: bytes, recipient: str, headers: Sequence[str], types: Sequence[str]) -> None:
    """Compare finished bytes with what they should be. Raises UnsafeEmail.

    `headers` are the names of all headers in their order, `types` those of all parts as they are nested.
    """
    # compat32 shows headers as they stand in the bytes; SMTP decodes one, as programs do that show an email.
    raw = message_from_bytes(content, policy=compat32)
    if raw.keys() != list(headers):
        raise UnsafeEmail("its headers are not exactly ours")
    if [part.get_content_type() for part in raw.walk()] != list(types):
        raise UnsafeEmail("its parts are not exactly ours")
    try:
        found = [each.addr_spec for each in SMTP.header_fetch_parse("To", raw["To"]).addresses]
    except (MessageError, LookupError, ValueError, AttributeError) as error:
        raise UnsafeEmail("its To cannot be read") from error
    if found != [recipient] or [email for _, email in getaddresses([raw["To"]])] != [recipient]:
        raise UnsafeEmail("its To is not the one recipient")
