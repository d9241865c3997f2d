# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the staff desk keeps, as the plain values that databases keep, and back; `records.py` has all else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, fields

from register.domain.announcements import AnnouncedTo, Announcement
from register.domain.counts import Counts, Groups, SessionCounts
from register.stores.desk import StaffAccount
from register.stores.fields import Record, What, instant

STAFF = What("account of a member of staff")
COUNTS = What("counts of", ("session_id",))

ANNOUNCEMENT = tuple(f"announcement_{each.name}" for each in fields(Announcement))
_GROUPS = ("organizations", "roles", "languages")


def announcement_values(of: Announcement | None) -> dict[str, str | None]:
    """Return what staff have written to a session's people; nothing but None where there is nothing."""
    if of is None:
        return dict.fromkeys(ANNOUNCEMENT)
    texts = (of.subject_en, of.text_en, of.subject_es, of.text_es)
    values = (of.occasion, instant(of.recorded), of.to.value, *texts)
    return dict(zip(ANNOUNCEMENT, values, strict=True))


def announcement(record: Record) -> Announcement | None:
    """Return what staff have written to a session's people, if it is not written out. Raises Damaged."""
    occasion, recorded, to, *texts = ANNOUNCEMENT
    if occasion not in record.values:
        return None
    return Announcement(
        record.text(occasion),
        record.moment(recorded),
        record.choice(to, AnnouncedTo),
        *map(record.text, texts),
    )


def account(record: Record) -> StaffAccount:
    """Return what is kept of a member of staff. Raises Damaged."""
    return StaffAccount(record.number("session_generation"), record.number("feed_generation"))


def counts_values(of: SessionCounts) -> dict[str, str | int | bool]:
    """Return the counts of a session."""
    groups = {name: {key: astuple(each) for key, each in getattr(of, name).items()} for name in _GROUPS}
    return {
        "session_id": of.session_id,
        "training": of.training,
        "starts": instant(of.starts),
        "seats": of.seats,
        "erased": of.erased,
        "people_json": json.dumps(astuple(of.people)),
        "groups_json": json.dumps(groups, ensure_ascii=False),
    }


def counts(record: Record) -> SessionCounts:
    """Return the counts of a session. Raises Damaged."""
    groups = _json(record, "groups_json")
    if not isinstance(groups, dict):
        raise record.damaged("groups_json", "is no object")
    return SessionCounts(
        session_id=record.text("session_id"),
        training=record.text("training"),
        starts=record.moment("starts"),
        seats=record.number("seats"),
        erased=record.flag("erased"),
        people=_counts(record, "people_json", _json(record, "people_json")),
        organizations=_groups(record, groups, "organizations"),
        roles=_groups(record, groups, "roles"),
        languages=_groups(record, groups, "languages"),
    )


def _groups(record: Record, groups: Mapping[str, object], name: str) -> Groups:
    found = groups.get(name)
    if not isinstance(found, dict):
        raise record.damaged("groups_json", f"has no {name}")
    return {key: _counts(record, "groups_json", numbers) for key, numbers in found.items()}


def _counts(record: Record, name: str, numbers: object) -> Counts:
    if isinstance(numbers, list) and [type(number) for number in numbers] == [int] * len(fields(Counts)):
        return Counts(*numbers)
    raise record.damaged(name, "has no counts of ours")


def _json(record: Record, name: str) -> object:
    try:
        found: object = json.loads(record.text(name))
    except (ValueError, RecursionError):
        raise record.damaged(name, "is no JSON") from None
    return found
