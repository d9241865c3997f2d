# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items of the DynamoDB table and the values that they stand for.

| item | pk | sk |
| --- | --- | --- |
| session | `S#<session>` | `META` |
| registration | `S#<session>` | `R#<identity>` |
| waiting | `S#<session>` | `W#<queue_number>` |
| address | `S#<session>` | `E#<address>` |
| message | `O#<session>#<identity>` | `<registration_id>#<kind>#<occasion>` |
| limit | `L#<key>` | number of the window |

Index `gsi1` finds registrations and messages by address, `gsi2` sessions by their start and messages by when
they are due. `expires` is in seconds since 1970, for the time to live; all other instants are texts that sort.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from register.domain.model import (
    Kind,
    Message,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    State,
    address_of,
)
from register.stores import Delivery
from schedule.model import Language, Status

Value = str | int | bool
Item = dict[str, dict[str, Any]]
Plain = dict[str, Any]

SESSIONS, OUTBOX, FAILED = "SESSION", "OUTBOX", "FAILED"
"""The partitions of `gsi2`."""

NOTICE = ("notice_kind", "notice_recorded", "notice_before", "notice_to_waiting")


def wrap(value: Value) -> dict[str, Any]:
    """Return a value with its type, as the API takes it. There are no floats, and numbers are whole."""
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def pack(values: Mapping[str, Value | None]) -> Item:
    """Return an item; what is None is left out."""
    return {name: wrap(value) for name, value in values.items() if value is not None}


def unpack(item: Item) -> Plain:
    """Return the values of an item."""
    return {
        name: int(value) if kind == "N" else value
        for name, typed in item.items()
        for kind, value in typed.items()
    }


def instant(moment: datetime) -> str:
    """Return an instant as it is stored: in UTC, to the microsecond, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def seconds(moment: datetime) -> int:
    """Return an instant as the time to live takes it."""
    return math.ceil(moment.timestamp())


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


# Keys


def key(pk: str, sk: str) -> Item:
    """Return a key of the table."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def session_key(session_id: str) -> Item:
    """Return the key of a session."""
    return key(f"S#{session_id}", "META")


def registration_key(session_id: str, identity: str) -> Item:
    """Return the key of a registration."""
    return key(f"S#{session_id}", f"R#{identity}")


def waiting_key(session_id: str, queue_number: int) -> Item:
    """Return the key of a place in the line; in ten digits, queue_numbers sort as numbers do."""
    return key(f"S#{session_id}", f"W#{queue_number:010}")


def address_key(session_id: str, address: str) -> Item:
    """Return the key of an address's names in a session."""
    return key(f"S#{session_id}", f"E#{address}")


def message_key(session_id: str, identity: str, registration_id: str, kind: str, occasion: str) -> Item:
    """Return the key of a message."""
    return key(f"O#{session_id}#{identity}", f"{registration_id}#{kind}#{occasion}")


def key_of(message: Message) -> Item:
    """Return the key of a message that is there."""
    return message_key(
        message.session_id, message.identity, message.registration_id, message.kind, message.occasion
    )


def read_message_key(pk: str, sk: str) -> tuple[str, str, str, str, str] | None:
    """Return session, identity, registration_id, kind and occasion of a message's key, as the stream brings it.

    None for the key of anything else.
    """
    if not pk.startswith("O#"):
        return None
    session_id, identity = pk.removeprefix("O#").rsplit("#", 1)
    registration_id, kind, occasion = sk.split("#", 2)
    return session_id, identity, registration_id, kind, occasion


# Sessions


def terms_values(terms: SessionTerms) -> dict[str, Value | None]:
    """Return what the schedule says of a session, as attributes of its item."""
    return {
        "terms": terms.fingerprint,
        "starts": instant(terms.starts),
        "ends": instant(terms.ends),
        "closes": instant(terms.closes),
        "kept_until": instant(terms.expires),
        "expires": seconds(terms.expires),
        "capacity": terms.capacity,
        "status": terms.status.value,
        "revision": terms.revision,
        "details": terms.details,
        "join_url": terms.join_url,
        "gsi2pk": SESSIONS,
        "gsi2sk": instant(terms.starts),
    }


def notice_values(notice: Notice) -> dict[str, Value]:
    """Return a notice as attributes of its session's item."""
    values = (notice.kind.value, instant(notice.recorded), notice.before, notice.to_waiting)
    return dict(zip(NOTICE, values, strict=True))


def occupancy(item: Item) -> Occupancy:
    """Return a session from its item."""
    plain = unpack(item)
    times = {name: datetime.fromisoformat(plain[name]) for name in ("starts", "ends", "closes")}
    terms = SessionTerms(
        session_id=plain["pk"].removeprefix("S#"),
        **times,
        expires=datetime.fromisoformat(plain["kept_until"]),
        capacity=plain["capacity"],
        status=Status(plain["status"]),
        revision=plain["revision"],
        details=plain["details"],
        join_url=plain.get("join_url"),
    )
    notice = None
    if "notice_kind" in plain:
        kind, recorded, before, to_waiting = (plain[name] for name in NOTICE)
        notice = Notice(Kind(kind), datetime.fromisoformat(recorded), before, to_waiting)
    return Occupancy(terms, plain["confirmed"], plain["waiting"], notice, _moment(plain.get("reminded")))


# Registrations


def registration_item(registration: Registration, expires: datetime) -> Item:
    """Return the item of a new registration."""
    person = registration.person
    values: dict[str, Value | None] = {
        "registration_id": registration.registration_id,
        "state": registration.state.value,
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "role": person.role,
        "language": person.language.value,
        "needs": person.needs,
        "signed_up": instant(registration.signed_up),
        "since": instant(registration.since),
        "queue_number": registration.queue_number,
        "expires": seconds(expires),
        "gsi1pk": f"P#{person.address}",
    }
    return registration_key(registration.session_id, registration.identity) | pack(values)


def registration(item: Item) -> Registration:
    """Return a registration from its item."""
    plain = unpack(item)
    person = Person(
        name=plain["name"],
        email=plain["email"],
        organization=plain["organization"],
        role=plain["role"],
        language=Language(plain["language"]),
        needs=plain["needs"],
    )
    return Registration(
        session_id=plain["pk"].removeprefix("S#"),
        identity=plain["sk"].removeprefix("R#"),
        registration_id=plain["registration_id"],
        state=State(plain["state"]),
        person=person,
        signed_up=datetime.fromisoformat(plain["signed_up"]),
        since=datetime.fromisoformat(plain["since"]),
        queue_number=plain.get("queue_number"),
        bounced=plain.get("bounced"),
    )


# Messages


def message_item(message: Message, expires: datetime) -> Item:
    """Return the item of a new message, which is due at once."""
    recorded = instant(message.recorded)
    values: dict[str, Value | None] = {
        "name": message.name,
        "email": message.email,
        "language": message.language.value,
        "state": message.state.value,
        "recorded": recorded,
        "details": message.details,
        "join_url": message.join_url,
        "before": message.before,
        "due": recorded,
        "attempts": 0,
        "expires": seconds(expires),
        "gsi1pk": f"P#{address_of(message.email)}",
        "gsi2pk": OUTBOX,
        "gsi2sk": recorded,
    }
    return key_of(message) | pack(values)


def delivery(item: Item) -> Delivery:
    """Return a message, and how far it is on its way, from its item."""
    plain = unpack(item)
    parts = read_message_key(plain["pk"], plain["sk"])
    assert parts is not None  # noqa: S101 - callers hand in messages only
    session_id, identity, registration_id, kind, occasion = parts
    message = Message(
        session_id=session_id,
        identity=identity,
        registration_id=registration_id,
        kind=Kind(kind),
        occasion=occasion,
        name=plain["name"],
        email=plain["email"],
        language=Language(plain["language"]),
        state=State(plain["state"]),
        recorded=datetime.fromisoformat(plain["recorded"]),
        details=plain["details"],
        join_url=plain.get("join_url"),
        before=plain.get("before"),
    )
    return Delivery(
        message,
        _moment(plain.get("due")),
        plain["attempts"],
        plain.get("problem"),
        _moment(plain.get("sent")),
    )
