# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a sync would do: the schedule compared with the store, a change a session, also in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from register.domain import snapshot
from register.domain.model import Kind, Notice, Occupancy, SessionTerms
from register.domain.rules import promotion_due
from register.stores import Store
from schedule.contract import Contract
from schedule.model import DEFAULT_LANGUAGE, Revision, Schedule, Session, Status

SECRET = "secret:"  # noqa: S105 - what a reference begins with

_EVER = datetime.min.replace(tzinfo=UTC)

Resolve = Callable[[str], str | None]
"""Gives the link to join for the NAME of `secret:NAME`, or None if it is not known yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done for one session: the new terms, its notice, and the same in words, a line each."""

    terms: SessionTerms
    notice: Notice | None
    expected: Occupancy | None
    words: tuple[str, ...]
    emails: int

    @property
    def session_id(self) -> str:
        """The session that it is about."""
        return self.terms.session_id


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a sync would do."""

    changes: tuple[Change, ...]
    unfinished: tuple[Occupancy, ...]
    """Sessions with work that a crash or a raised number of seats has left."""
    vanished: tuple[Occupancy, ...]
    """Future sessions that are not in the schedule any more while people are signed up: left as they are."""
    withdrawn: tuple[str, ...]
    """Future sessions that are not in the schedule any more, with nobody signed up."""
    without_link: tuple[str, ...]
    """Sessions whose `Join-Url` names a secret that is not there."""
    emails: int
    """How many emails this will send."""

    def lines(self) -> list[str]:
        """Return the plan in words, a line a fact."""
        lines = [f"{change.session_id}: {word}" for change in self.changes for word in change.words]
        lines += [
            f"{session.terms.session_id}: emails are still to be sent from before"
            for session in self.unfinished
        ]
        lines += [
            f"{session_id}: is no longer in the schedule, and nobody is signed up: it will be deleted"
            for session_id in self.withdrawn
        ]
        return lines

    def left_alone(self) -> list[str]:
        """Return for which sessions nothing is done although something is wrong, a line each."""
        return [
            f"{session.terms.session_id}: is no longer in the schedule, but {session.confirmed} are confirmed and "
            f"{session.waiting} wait; bring it back into the schedule, with Status: canceled if it does not take place"
            for session in self.vanished
        ]

    def warnings(self) -> list[str]:
        """Return what somebody should look at, a line each."""
        return self.left_alone() + [
            f"{session_id}: the secret that its Join-Url names is not there; emails say that the link will follow"
            for session_id in self.without_link
        ]


def plan(contract: Contract, store: Store, resolve: Resolve, *, now: datetime) -> Plan:
    """Compare the schedule with the store. Changes nothing."""
    stored = {session.terms.session_id: session for session in store.sessions(after=_EVER)}
    changes, unfinished, without_link = [], [], []
    offered = set()
    for session in contract.schedule.sessions:
        if session.period.end + contract.retention <= now and session.id not in stored:
            continue  # its data has gone, and is not wanted back
        offered.add(session.id)
        link, known = _link(contract, session, resolve)
        if not known and session.period.end > now:
            without_link.append(session.id)
        occupancy = stored.get(session.id)
        change = change_of(contract, session, link, occupancy, now)
        if change:
            changes.append(change)
        elif occupancy and emails_left(occupancy, now):
            unfinished.append(occupancy)
    gone = [
        session
        for session_id, session in stored.items()
        if session_id not in offered and session.terms.ends > now
    ]
    return Plan(
        changes=tuple(changes),
        unfinished=tuple(unfinished),
        vanished=tuple(session for session in gone if session.confirmed or session.waiting),
        withdrawn=tuple(
            session.terms.session_id for session in gone if not (session.confirmed or session.waiting)
        ),
        without_link=tuple(without_link),
        emails=sum(change.emails for change in changes)
        + sum(emails_left(session, now) for session in unfinished),
    )


def some_emails(number: int) -> str:
    """Return a number of emails in words for whoever runs the sync."""
    return "1 email" if number == 1 else f"{number} emails"


def emails_left(occupancy: Occupancy, now: datetime) -> int:
    """Return how many emails a session's notice and its free seats will still bring."""
    told = _told(occupancy, occupancy.notice) if occupancy.notice else 0
    return told + _promotions(occupancy, now)


def change_of(
    contract: Contract, session: Session, link: str | None, occupancy: Occupancy | None, now: datetime
) -> Change | None:
    """Return what is to be done for a session that may be in the store already; None if nothing is."""
    if occupancy is None:
        new = _terms(contract, session, link, session.revision.number)
        return Change(new, None, None, (f"new, {new.capacity} seats",), 0)
    old = occupancy.terms
    new = _terms(contract, session, link, max(old.revision, session.revision.number))
    if new == old:
        return None
    words = _differences(old, new)
    notice = None
    if max(old.ends, new.ends) > now and (kind := _kind(words, old, new)):
        # It tells two notices of one session apart, also where the schedule has not raised it.
        new = _terms(contract, session, link, max(old.revision + 1, new.revision))
        notice = Notice(kind, now, old.snapshot_json, to_waiting=bool(words.keys() - {"link"} & _TOLD))
    after = replace(occupancy, terms=new)
    emails = (_told(occupancy, notice) if notice else 0) + _promotions(after, now)
    lines = list(words.values()) or ["other wording; no email"]
    if "capacity" in words and after.confirmed > new.capacity:
        lines.append(f"{after.confirmed} are confirmed and keep their seats")
    if emails:
        lines.append(some_emails(emails))
    return Change(new, notice, occupancy, tuple(lines), emails)


_STATUS = {Status.SCHEDULED: "scheduled", Status.CANCELLED: "canceled"}
_TOLD = frozenset({"status", "time", "place", "link"})
"""The differences of which people are told."""


def _kind(differences: dict[str, str], old: SessionTerms, new: SessionTerms) -> Kind | None:
    """Return which email tells of differences, if one does."""
    if new.status is Status.CANCELLED:
        return Kind.SESSION_CANCELLATION if "status" in differences else None
    told = differences.keys() & _TOLD
    if told == {"link"} and old.join_url is None:
        return Kind.LINK
    return Kind.CHANGE if told else None


def _differences(old: SessionTerms, new: SessionTerms) -> dict[str, str]:
    """Return what is different, by the name of the fact, in words for the person who runs the sync."""
    before, after = (snapshot.read(terms.snapshot_json, terms.session_id) for terms in (old, new))
    was, now = before.words[DEFAULT_LANGUAGE].when, after.words[DEFAULT_LANGUAGE].when
    place_before = (before.session.format, before.session.location)
    found = {}
    if old.status is not new.status:
        found["status"] = f"is {_STATUS[new.status]}, was {_STATUS[old.status]}"
    if (old.starts, old.ends) != (new.starts, new.ends):
        found["time"] = f"moved to {now} (was {was})"
    if place_before != (after.session.format, after.session.location):
        found["place"] = f"another place ({after.session.format.value}, was {before.session.format.value})"
    if old.join_url != new.join_url:
        another = "another link to join" if old.join_url else "the link to join is there"
        found["link"] = another if new.join_url else "the link to join is gone"
    if old.capacity != new.capacity:
        found["capacity"] = f"{new.capacity} seats, were {old.capacity}"
    if old.closes != new.closes:
        found["closes"] = f"sign-up closes {after.words[DEFAULT_LANGUAGE].closes}"
    return found


def _terms(contract: Contract, session: Session, link: str | None, revision: int) -> SessionTerms:
    """Return a session as the store keeps it, at a revision that is no smaller than the schedule's."""
    numbered = replace(session, revision=Revision(revision, session.revision.time))
    alone = replace(contract, schedule=Schedule((), (), (numbered,)))
    return SessionTerms(
        session_id=session.id,
        starts=session.period.start,
        ends=session.period.end,
        closes=session.registration_closes,
        expires=session.period.end + contract.retention,
        capacity=session.capacity,
        status=session.status,
        revision=revision,
        snapshot_json=snapshot.write(alone, session.id),
        join_url=link,
    )


def _link(contract: Contract, session: Session, resolve: Resolve) -> tuple[str | None, bool]:
    """Return a session's link to join, and whether all that is needed to know it is there."""
    written = contract.schedule.join_urls.get(session.id)
    if written is None or not written.startswith(SECRET):
        return written, True
    link = resolve(written.removeprefix(SECRET))
    return link, link is not None


def _told(occupancy: Occupancy, notice: Notice) -> int:
    return occupancy.confirmed + (occupancy.waiting if notice.to_waiting else 0)


def _promotions(occupancy: Occupancy, now: datetime) -> int:
    if not promotion_due(occupancy, now):
        return 0
    return min(occupancy.waiting, occupancy.terms.capacity - occupancy.confirmed)
