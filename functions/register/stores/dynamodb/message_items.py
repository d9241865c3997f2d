# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items of messages, and the deliveries that they stand for."""

from __future__ import annotations

from datetime import datetime

from register.domain.model import ChangedBy, Kind, Message, Method, State
from register.stores.deliveries import Delivery, DeliveryFault
from register.stores.dynamodb.items import (
    OUTBOX,
    Item,
    Value,
    instant,
    message_key,
    moment,
    pack,
    seconds,
    unpack,
)
from schedule.model import Language


def message_item(message: Message, expires: datetime) -> Item:
    """Return the item of a new message, which is due at once."""
    recorded, key_of = instant(message.recorded), message.key
    values: dict[str, Value | None] = {
        "number": message.number,
        "method": message.method and message.method.value,
        "name": message.name,
        "email": message.email,
        "language": message.language.value,
        "state": message.state.value,
        "changed_by": message.changed_by.value,
        "recorded": recorded,
        "snapshot_json": message.snapshot_json,
        "join_url": message.join_url,
        "before_snapshot_json": message.before_snapshot_json,
        "link_generation": message.link_generation,
        "place": message.place,
        "due": recorded,
        "attempts": 0,
        "unknown": 0,
        "expires": seconds(expires),
        "gsi1pk": f"P#{key_of.email_hash}",
        "gsi2pk": OUTBOX,
        "gsi2sk": recorded,
    }
    return message_key(key_of) | pack(values)


def delivery(item: Item) -> Delivery:
    """Return a message, and how far it is on its way, from its item."""
    plain = unpack(item)
    session_id = plain["pk"].removeprefix("O#").rpartition("#")[0]
    registration_id, kind, occasion = plain["sk"].split("#", 2)
    message = Message(
        session_id=session_id,
        registration_id=registration_id,
        kind=Kind(kind),
        occasion=occasion,
        number=plain["number"],
        method=Method(plain["method"]) if "method" in plain else None,
        name=plain["name"],
        email=plain["email"],
        language=Language(plain["language"]),
        state=State(plain["state"]),
        changed_by=ChangedBy(plain["changed_by"]),
        recorded=datetime.fromisoformat(plain["recorded"]),
        snapshot_json=plain["snapshot_json"],
        join_url=plain.get("join_url"),
        before_snapshot_json=plain.get("before_snapshot_json"),
        link_generation=plain["link_generation"],
        place=plain.get("place"),
    )
    return Delivery(
        message,
        moment(plain.get("due")),
        plain["attempts"],
        plain.get("problem"),
        moment(plain.get("sent")),
        fault=DeliveryFault(plain["fault"]) if "fault" in plain else None,
        unknown=plain["unknown"],
        slow="slow" in plain,
        lease=moment(plain.get("lease")),
        tried=moment(plain.get("tried")),
    )
