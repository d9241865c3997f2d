# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of DynamoDB: what its items are stored by, and their values with the types of the API.

| item | pk | sk |
| --- | --- | --- |
| session | `S#<session>` | `META` |
| registration | `S#<session>` | `R#<registration id>` |
| identity | `S#<session>` | `N#<identity>` |
| waiting | `S#<session>` | `W#<queue number>` |
| tally | `S#<session>` | `E#<hash of the email address>` |
| trail | `S#<session>` | `T#<entry id>` |
| message | `O#<session>#<hash of the email address>` | `<registration id>#<kind>#<occasion>` |
| wish | `O#WISH#<wish id>` | `<purpose>#<instant>` |
| limit | `L#<key>` | `RING` |
| staff | `STAFF` | `<hash of the email address>` |
| counts | `COUNTS` | `<session>` |

Index `gsi1` finds registrations, tallies, messages and wishes by email address, `gsi2` sessions by their start,
messages by when they are due, and wishes. `expires`, which all but staff and counts have, is in seconds since 1970, for
the time to live; other instants are texts that sort (not `RING`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from register.domain.messages import MessageKey
from register.domain.wishes import Wish
from register.stores.fields import instant
from register.stores.records import Value

Item = dict[str, dict[str, Any]]
Plain = dict[str, Any]

SESSIONS, OUTBOX, FAILED, WISHES = "SESSION", "OUTBOX", "FAILED", "WISH"
"""The partitions of `gsi2`."""

STAFF, COUNTS = "STAFF", "COUNTS"
"""Partitions of the table: few items, and none of them about anybody who signs up."""

_WISH = "O#WISH#"
_WHOLE = re.compile(r"-?[0-9]{1,38}")


def wrap(value: Value) -> dict[str, Any]:
    """Return a value with its type, as the API takes it. There are no floats, and numbers are whole."""
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def pack(values: Mapping[str, Value | None]) -> Item:
    """Return an item; what is None is left out."""
    return {name: wrap(value) for name, value in values.items() if value is not None}


def unpack(item: Item) -> Plain:
    """Return the values of an item, also such as are not ours: floats, bytes, lists; NULL is None."""
    return {name: _plain(*kind_and_value) for name, typed in item.items() for kind_and_value in typed.items()}


def _plain(kind: str, value: Any) -> Any:
    if kind == "N":
        return int(value) if _WHOLE.fullmatch(value) else float(value)
    return None if kind == "NULL" else value


def seconds(moment: datetime) -> int:
    """Return an instant as the time to live takes it."""
    return math.ceil(moment.timestamp())


# Keys


def key(pk: str, sk: str) -> Item:
    """Return a key of the table."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def session_key(session_id: str) -> Item:
    """Return the key of a session."""
    return key(f"S#{session_id}", "META")


def registration_key(session_id: str, registration_id: str) -> Item:
    """Return the key of a registration."""
    return key(f"S#{session_id}", f"R#{registration_id}")


def identity_key(session_id: str, identity: str) -> Item:
    """Return the key of the item that is there while a person is confirmed or waits: two cannot be one."""
    return key(f"S#{session_id}", f"N#{identity}")


def waiting_key(session_id: str, queue_number: int) -> Item:
    """Return the key of a place in the line; in ten digits, queue numbers sort as numbers do."""
    return key(f"S#{session_id}", f"W#{queue_number:010}")


def tally_key(session_id: str, email_hash: str) -> Item:
    """Return the key of an email address's counts in a session."""
    return key(f"S#{session_id}", f"E#{email_hash}")


def trail_key(session_id: str, entry_id: str) -> Item:
    """Return the key of an entry of a session's trail."""
    return key(f"S#{session_id}", f"T#{entry_id}")


def message_key(of: MessageKey) -> Item:
    """Return the key of a message."""
    partition = outbox_partition(of.session_id, of.email_hash)
    return key(partition, f"{of.registration_id}#{of.kind}#{of.occasion}")


def outbox_partition(session_id: str, email_hash: str) -> str:
    """Return where all messages to one email address about one session are."""
    return f"O#{session_id}#{email_hash}"


def read_message_key(pk: str, sk: str) -> MessageKey | None:
    """Return what a message is stored by, as the stream brings it; None for the key of anything else."""
    if not pk.startswith("O#"):
        return None
    session_id, _, email_hash = pk.removeprefix("O#").rpartition("#")
    parts = sk.split("#", 2)
    if len(parts) < 3:  # nothing that a person is emailed about a registration
        return None
    registration_id, kind, occasion = parts
    return MessageKey(session_id, email_hash, registration_id, kind, occasion)


def staff_key(email_hash: str) -> Item:
    """Return the key of what is kept of a member of staff."""
    return key(STAFF, email_hash)


def counts_key(session_id: str) -> Item:
    """Return the key of a session's counts."""
    return key(COUNTS, session_id)


def wish_key(wish: Wish) -> Item:
    """Return the key of a wish."""
    return key(wish_partition(wish.wish_id), f"{wish.purpose}#{instant(wish.recorded)}")


def wish_partition(wish_id: str) -> str:
    """Return where a wish is, alone."""
    return f"{_WISH}{wish_id}"


def read_wish_id(pk: str) -> str | None:
    """Return which wish a partition is of, as the stream brings it; None for anything else."""
    return pk.removeprefix(_WISH) if pk.startswith(_WISH) else None
