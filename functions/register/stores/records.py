# SPDX-License-Identifier: AGPL-3.0-or-later
"""Objects as the plain values that databases keep, and back: the names of columns and attributes are those of fields.

Here alone rows and items become objects.
"""

from __future__ import annotations

from register.domain.messages import Message, Method
from register.domain.model import (
    ChangedBy,
    Kind,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    State,
    Tally,
)
from register.domain.trail import TrailAction, TrailEntry
from register.domain.wishes import Wish, WishPurpose
from register.stores import desk_records
from register.stores.deliveries import Delivery, DeliveryFault
from register.stores.fields import Record, What, instant
from schedule.model import Language, Status

Value = str | int | bool
Values = dict[str, Value | None]

SESSION = What("session", ("session_id",))
REGISTRATION = What("registration", ("session_id", "registration_id"))
TALLY = What("counts of an email address in", ("session_id",))
TRAIL = What("trail of", ("session_id",))
MESSAGE = What("email", ("session_id", "registration_id", "kind", "occasion"))
WISH = What("request for an email", ("wish_id",))
LIMIT = What("limit")
IDENTITY = What("identity in", ("session_id",))
PLACE = What("place in the line of", ("session_id",))
FACT = What("fact", ("name",))

NOTICE = ("notice_kind", "notice_recorded", "notice_before", "notice_to_waiting")


# Sessions


def terms_values(terms: SessionTerms) -> Values:
    """Return what the schedule says of a session."""
    return {
        "session_id": terms.session_id,
        "starts": instant(terms.starts),
        "ends": instant(terms.ends),
        "closes": instant(terms.closes),
        "expires": instant(terms.expires),
        "capacity": terms.capacity,
        "status": terms.status.value,
        "revision": terms.revision,
        "snapshot_json": terms.snapshot_json,
        "join_url": terms.join_url,
    }


def notice_values(notice: Notice | None) -> Values:
    """Return a session's notice; nothing but None where there is none."""
    if notice is None:
        return dict.fromkeys(NOTICE)
    values = (notice.kind.value, instant(notice.recorded), notice.before_snapshot_json, notice.to_waiting)
    return dict(zip(NOTICE, values, strict=True))


def occupancy(record: Record) -> Occupancy:
    """Return a session. Raises Damaged."""
    terms = SessionTerms(
        session_id=record.text("session_id"),
        starts=record.moment("starts"),
        ends=record.moment("ends"),
        closes=record.moment("closes"),
        expires=record.moment("expires"),
        capacity=record.number("capacity"),
        status=record.choice("status", Status),
        revision=record.number("revision"),
        snapshot_json=record.text("snapshot_json"),
        join_url=record.text_if_any("join_url"),
    )
    notice = None
    if "notice_kind" in record.values:
        notice = Notice(
            kind=record.choice("notice_kind", Kind),
            recorded=record.moment("notice_recorded"),
            before_snapshot_json=record.text("notice_before"),
            to_waiting=record.flag("notice_to_waiting"),
        )
    return Occupancy(
        terms=terms,
        confirmed=record.number("confirmed"),
        waiting=record.number("waiting"),
        notice=notice,
        announcement=desk_records.announcement(record),
        reminded=record.moment_if_any("reminded"),
        highest_erased=record.number("highest_erased"),
    )


# People


def registration_values(of: Registration) -> Values:
    """Return a registration."""
    person = of.person
    return {
        "session_id": of.session_id,
        "registration_id": of.registration_id,
        "state": of.state.value,
        "identity": person.identity,
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "role": person.role,
        "language": person.language.value,
        "needs": person.needs,
        "signed_up": instant(of.signed_up),
        "since": instant(of.since),
        "changed": instant(of.changed),
        "queue_number": of.queue_number,
        "link_generation": of.link_generation,
        "bounced": of.bounced,
        "changed_by": of.changed_by.value,
        "attended": of.attended,
        "moved_to": of.moved_to,
        "besides": of.besides,
        "used_link": of.used_link,
    }


def registration(record: Record) -> Registration:
    """Return a registration. Raises Damaged."""
    return Registration(
        session_id=record.text("session_id"),
        registration_id=record.text("registration_id"),
        state=record.choice("state", State),
        person=Person(
            name=record.text("name"),
            email=record.text("email"),
            organization=record.text("organization"),
            role=record.text("role"),
            language=record.choice("language", Language),
            needs=record.text("needs"),
        ),
        signed_up=record.moment("signed_up"),
        since=record.moment("since"),
        changed=record.moment("changed"),
        queue_number=record.number_if_any("queue_number"),
        link_generation=record.number("link_generation"),
        bounced=record.text_if_any("bounced"),
        changed_by=record.choice("changed_by", ChangedBy),
        attended=record.flag_if_any("attended"),
        moved_to=record.text_if_any("moved_to"),
        besides=record.flag("besides"),
        used_link=record.flag("used_link"),
    )


def tally(record: Record) -> Tally:
    """Return the counts of an email address. Raises Damaged."""
    return Tally(record.number("active"), record.number("seats"), record.number("last"))


def trail_values(of: TrailEntry) -> Values:
    """Return an entry of a session's trail."""
    return {
        "session_id": of.session_id,
        "entry_id": of.entry_id,
        "recorded": instant(of.when),
        "who": of.who,
        "action": of.action.value,
        "registration_id": of.registration_id,
    }


def trail_entry(record: Record) -> TrailEntry:
    """Return an entry of a session's trail. Raises Damaged."""
    return TrailEntry(
        session_id=record.text("session_id"),
        entry_id=record.text("entry_id"),
        when=record.moment("recorded"),
        who=record.text("who"),
        action=record.choice("action", TrailAction),
        registration_id=record.text_if_any("registration_id"),
    )


# Messages


def message_values(message: Message) -> Values:
    """Return a new message, which is due at once."""
    recorded = instant(message.recorded)
    return {
        **message.key._asdict(),
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
        "other_snapshot_json": message.other_snapshot_json,
        "besides": message.besides,
        "subject": message.subject,
        "body": message.body,
        "due": recorded,
        "attempts": 0,
        "unknown": 0,
    }


def delivery(record: Record) -> Delivery:
    """Return a message, and how far it is on its way. Raises Damaged."""
    message = Message(
        session_id=record.text("session_id"),
        registration_id=record.text("registration_id"),
        kind=record.choice("kind", Kind),
        occasion=record.text("occasion"),
        number=record.number("number"),
        method=record.choice_if_any("method", Method),
        name=record.text("name"),
        email=record.text("email"),
        language=record.choice("language", Language),
        state=record.choice("state", State),
        changed_by=record.choice("changed_by", ChangedBy),
        recorded=record.moment("recorded"),
        snapshot_json=record.text("snapshot_json"),
        join_url=record.text_if_any("join_url"),
        before_snapshot_json=record.text_if_any("before_snapshot_json"),
        link_generation=record.number("link_generation"),
        place=record.number_if_any("place"),
        other_snapshot_json=record.text_if_any("other_snapshot_json"),
        besides=record.flag("besides"),
        subject=record.text_if_any("subject"),
        body=record.text_if_any("body"),
    )
    return Delivery(
        message,
        record.moment_if_any("due"),
        record.number("attempts"),
        record.text_if_any("problem"),
        record.moment_if_any("sent"),
        fault=record.choice_if_any("fault", DeliveryFault),
        unknown=record.number("unknown"),
        slow=record.flag("slow"),
        lease=record.moment_if_any("lease"),
        tried=record.moment_if_any("tried"),
    )


# Wishes


def wish_values(wish: Wish) -> Values:
    """Return a new wish."""
    return {
        "wish_id": wish.wish_id,
        "purpose": wish.purpose.value,
        "email": wish.email,
        "language": wish.language.value,
        "recorded": instant(wish.recorded),
    }


def wish(record: Record) -> Wish:
    """Return a wish. Raises Damaged."""
    return Wish(
        wish_id=record.text("wish_id"),
        purpose=record.choice("purpose", WishPurpose),
        email=record.text("email"),
        language=record.choice("language", Language),
        recorded=record.moment("recorded"),
    )
