# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items of the DynamoDB table and the objects that they stand for; `records.py` has the fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from register.domain.counts import SessionCounts
from register.domain.messages import Message, MessageKey
from register.domain.model import Occupancy, Registration, SessionTerms, Tally
from register.domain.trail import TrailEntry
from register.domain.wishes import Wish
from register.stores import desk_records, records
from register.stores.deliveries import Delivery
from register.stores.desk import StaffAccount
from register.stores.dynamodb.keys import (
    OUTBOX,
    SESSIONS,
    WISHES,
    Item,
    Plain,
    counts_key,
    message_key,
    pack,
    read_message_key,
    read_wish_id,
    registration_key,
    seconds,
    trail_key,
    unpack,
    wish_key,
)
from register.stores.fields import Record
from register.stores.records import Values

FIRST_COUNTS: Mapping[str, int] = {"confirmed": 0, "waiting": 0, "queue_number": 0, "highest_erased": 0}
"""What a new session begins with."""


def terms_values(terms: SessionTerms) -> Values:
    """Return what the schedule says of a session, as attributes of its item."""
    values = records.terms_values(terms)
    del values["session_id"]  # it is the key
    return values | {
        "fingerprint": terms.fingerprint,
        "kept_until": values["expires"],
        "expires": seconds(terms.expires),
        "gsi2pk": SESSIONS,
        "gsi2sk": values["starts"],
    }


def registration_values(registration: Registration) -> Values:
    """Return a registration as attributes of its item, but for its keys and when it expires."""
    values = records.registration_values(registration)
    del values["session_id"], values["registration_id"]
    return values | {"gsi1pk": f"P#{registration.person.email_hash}"}


def registration_item(registration: Registration, expires: datetime) -> Item:
    """Return the item of a registration."""
    keys = registration_key(registration.session_id, registration.registration_id)
    return keys | pack(registration_values(registration) | {"expires": seconds(expires)})


def trail_item(entry: TrailEntry, expires: datetime) -> Item:
    """Return the item of an entry of a session's trail."""
    values = records.trail_values(entry)
    del values["session_id"], values["entry_id"]
    return trail_key(entry.session_id, entry.entry_id) | pack(values | {"expires": seconds(expires)})


def message_item(message: Message, expires: datetime) -> Item:
    """Return the item of a new message, which is due at once."""
    values = records.message_values(message)
    for name in MessageKey._fields:
        del values[name]
    more = {"gsi1pk": f"P#{message.key.email_hash}", "gsi2pk": OUTBOX, "gsi2sk": values["due"]}
    return message_key(message.key) | pack({**values, **more, "expires": seconds(expires)})


def wish_item(wish: Wish) -> Item:
    """Return the item of a new wish."""
    values = records.wish_values(wish)
    more = {"gsi1pk": f"P#{wish.email_hash}", "gsi2pk": WISHES, "gsi2sk": values["recorded"]}
    for name in ("wish_id", "purpose", "recorded"):
        del values[name]
    return wish_key(wish) | pack({**values, **more, "expires": seconds(wish.expires)})


def counts_item(of: SessionCounts) -> Item:
    """Return the item of a session's counts."""
    values = desk_records.counts_values(of)
    del values["session_id"]  # it is the key
    return counts_key(of.session_id) | pack(values)


# What they stand for. All raise Damaged.


def occupancy(item: Item) -> Occupancy:
    """Return a session from its item."""
    return records.occupancy(session_record(item))


def registration(item: Item) -> Registration:
    """Return a registration from its item."""
    return records.registration(registration_record(item))


def registration_id_in(item: Item) -> str:
    """Return whose an identity or a place in the line is."""
    return beside_record(item).text("registration_id")


def tally(item: Item | None) -> Tally:
    """Return the counts of an email address from its item, which is not there before the first message to it."""
    return Tally() if item is None else records.tally(tally_record(item))


def trail_entry(item: Item) -> TrailEntry:
    """Return an entry of a session's trail from its item."""
    return records.trail_entry(trail_record(item))


def delivery(item: Item) -> Delivery:
    """Return a message, and how far it is on its way, from its item."""
    return records.delivery(message_record(item))


def wish(item: Item) -> Wish:
    """Return a wish from its item."""
    return records.wish(wish_record(item))


def account(item: Item) -> StaffAccount:
    """Return what is kept of a member of staff from its item."""
    return desk_records.account(Record(desk_records.STAFF, unpack(item)))


def counts(item: Item) -> SessionCounts:
    """Return the counts of a session from their item."""
    plain = unpack(item)
    return desk_records.counts(Record(desk_records.COUNTS, plain | {"session_id": plain["sk"]}))


def session_record(item: Item) -> Record:
    """Return the fields of a session."""
    plain = unpack(item)
    more = {"session_id": plain["pk"].removeprefix("S#")}
    if "kept_until" in plain:
        more["expires"] = plain["kept_until"]
    else:
        plain.pop("expires", None)
    return Record(records.SESSION, plain | more)


def registration_record(item: Item) -> Record:
    """Return the fields of a registration."""
    plain = unpack(item)
    ids = {"session_id": plain["pk"].removeprefix("S#"), "registration_id": plain["sk"].removeprefix("R#")}
    return Record(records.REGISTRATION, plain | ids | _email_hash(plain))


def beside_record(item: Item) -> Record:
    """Return the fields of an identity or a place in the line."""
    plain = unpack(item)
    kind = records.IDENTITY if plain["sk"].startswith("N#") else records.PLACE
    return Record(kind, plain | {"session_id": plain["pk"].removeprefix("S#")})


def tally_record(item: Item) -> Record:
    """Return the fields of the counts of an email address."""
    plain = unpack(item)
    ids = {"session_id": plain["pk"].removeprefix("S#"), "email_hash": plain["sk"].removeprefix("E#")}
    return Record(records.TALLY, plain | ids)


def trail_record(item: Item) -> Record:
    """Return the fields of an entry of a session's trail."""
    plain = unpack(item)
    ids = {"session_id": plain["pk"].removeprefix("S#"), "entry_id": plain["sk"].removeprefix("T#")}
    return Record(records.TRAIL, plain | ids)


def message_record(item: Item) -> Record:
    """Return the fields of a message."""
    plain = unpack(item)
    of = read_message_key(plain["pk"], plain["sk"])
    return Record(records.MESSAGE, plain | ({} if of is None else of._asdict()))


def wish_record(item: Item) -> Record:
    """Return the fields of a wish."""
    plain = unpack(item)
    purpose, _, recorded = plain["sk"].partition("#")
    ids = {"wish_id": read_wish_id(plain["pk"]), "purpose": purpose, "recorded": recorded}
    return Record(records.WISH, plain | ids | _email_hash(plain))


def _email_hash(plain: Plain) -> dict[str, object]:
    found = plain.get("gsi1pk")
    return {"email_hash": found.removeprefix("P#")} if isinstance(found, str) else {}
