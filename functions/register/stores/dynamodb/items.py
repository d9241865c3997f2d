# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items of the DynamoDB table and the values that they stand for.

| item | pk | sk |
| --- | --- | --- |
| session | `S#<session>` | `META` |
| registration | `S#<session>` | `R#<registration id>` |
| identity | `S#<session>` | `N#<identity>` |
| waiting | `S#<session>` | `W#<queue number>` |
| tally | `S#<session>` | `E#<hash of the email address>` |
| message | `O#<session>#<hash of the email address>` | `<registration id>#<kind>#<occasion>` |
| limit | `L#<key>` | `RING` |

Index `gsi1` finds registrations and messages by email address, `gsi2` sessions by their start and messages by when
they are due. `expires` is in seconds since 1970, for the time to live; other instants are texts that sort (not `RING`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from register.domain.model import (
    ChangedBy,
    Kind,
    MessageKey,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    State,
    Tally,
)
from schedule.model import Language, Status

Value = str | int | bool
Item = dict[str, dict[str, Any]]
Plain = dict[str, Any]

SESSIONS, OUTBOX, FAILED = "SESSION", "OUTBOX", "FAILED"
"""The partitions of `gsi2`."""

NOTICE = ("notice_kind", "notice_recorded", "notice_before", "notice_to_waiting")
FIRST_COUNTS: Mapping[str, int] = {"confirmed": 0, "waiting": 0, "queue_number": 0, "highest_erased": 0}
"""What a new session begins with."""


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


def moment(text: str | None) -> datetime | None:
    """Return an instant from a text, if there is one."""
    return None if text is None else datetime.fromisoformat(text)


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


# Sessions


def terms_values(terms: SessionTerms) -> dict[str, Value | None]:
    """Return what the schedule says of a session, as attributes of its item."""
    return {
        "fingerprint": terms.fingerprint,
        "starts": instant(terms.starts),
        "ends": instant(terms.ends),
        "closes": instant(terms.closes),
        "kept_until": instant(terms.expires),
        "expires": seconds(terms.expires),
        "capacity": terms.capacity,
        "status": terms.status.value,
        "revision": terms.revision,
        "snapshot_json": terms.snapshot_json,
        "join_url": terms.join_url,
        "gsi2pk": SESSIONS,
        "gsi2sk": instant(terms.starts),
    }


def notice_values(notice: Notice) -> dict[str, Value]:
    """Return a notice as attributes of its session's item."""
    values = (notice.kind.value, instant(notice.recorded), notice.before_snapshot_json, notice.to_waiting)
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
        snapshot_json=plain["snapshot_json"],
        join_url=plain.get("join_url"),
    )
    notice = None
    if "notice_kind" in plain:
        kind, recorded, before, to_waiting = (plain[name] for name in NOTICE)
        notice = Notice(Kind(kind), datetime.fromisoformat(recorded), before, to_waiting)
    return Occupancy(
        terms=terms,
        confirmed=plain["confirmed"],
        waiting=plain["waiting"],
        notice=notice,
        reminded=moment(plain.get("reminded")),
        highest_erased=plain["highest_erased"],
    )


# Registrations


def registration_item(registration: Registration, expires: datetime) -> Item:
    """Return the item of a registration."""
    person = registration.person
    values: dict[str, Value | None] = {
        "state": registration.state.value,
        "identity": person.identity,
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "role": person.role,
        "language": person.language.value,
        "needs": person.needs,
        "signed_up": instant(registration.signed_up),
        "since": instant(registration.since),
        "queue_number": registration.queue_number,
        "link_generation": registration.link_generation,
        "changed_by": registration.changed_by.value,
        "expires": seconds(expires),
        "gsi1pk": f"P#{person.email_hash}",
    }
    return registration_key(registration.session_id, registration.registration_id) | pack(values)


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
        registration_id=plain["sk"].removeprefix("R#"),
        state=State(plain["state"]),
        person=person,
        signed_up=datetime.fromisoformat(plain["signed_up"]),
        since=datetime.fromisoformat(plain["since"]),
        queue_number=plain.get("queue_number"),
        link_generation=plain["link_generation"],
        bounced=plain.get("bounced"),
        changed_by=ChangedBy(plain["changed_by"]),
    )


def tally(item: Item | None) -> Tally:
    """Return the counts of an email address from its item, which is not there before the first message to it."""
    if item is None:
        return Tally()
    plain = unpack(item)
    return Tally(plain["active"], plain["seats"], plain["last"])
