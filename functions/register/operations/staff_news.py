# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an email to staff says: read from the store when it is made, since no message to staff holds it.

Where there is nothing to say any more by then, no email goes out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from register.domain import snapshot
from register.domain.errors import UnknownSession
from register.domain.identity import normalized_email, normalized_name
from register.domain.messages import Message
from register.domain.model import Kind, Occupancy, Registration, State
from register.domain.snapshot import Snapshot, UnreadableSnapshot
from register.domain.staff import LINK_LASTS, StaffMember, member_of
from register.domain.staff_news import (
    PACIFIC,
    WANTED,
    Group,
    Mentioned,
    NothingToSay,
    SessionNews,
    StaffNews,
)
from register.operations.failed_mail import bounced
from register.stores import Store
from register.stores.deliveries import Delivery, stuck
from register.stores.errors import Damaged
from schedule.model import Status

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what a message to a member of staff has to say now."""

    store: Store
    staff: Callable[[], Iterable[StaffMember]]
    """Raises RegisterError where it is not known who is staff."""
    now: Callable[[], datetime]

    def __call__(self, message: Message) -> StaffNews:
        """Return what the email says. Raises NothingToSay; StoreError, UnreadableSnapshot, and what `staff` raises."""
        member = member_of(self.staff(), message.email)
        wanted = WANTED.get(message.kind)
        if member is None or (wanted is not None and wanted not in member.emails):
            raise NothingToSay(
                "not sent: its recipient is not on the list of staff any more, or not for this"
            )
        match message.kind:
            case Kind.STAFF_NEEDS:
                return self._needs(message, member)
            case Kind.STAFF_ROSTER:
                return self._roster(message, member)
            case Kind.STAFF_DAILY:
                return self._daily(date.fromisoformat(message.occasion) - _DAY, member)
            case Kind.STAFF_PROBLEMS:
                return self._refused(message) if message.body else self._problems(message)
            case _:
                if self.now() >= message.recorded + LINK_LASTS:
                    raise NothingToSay("not sent: the link in it has run out")
                return StaffNews()

    def _session(self, message: Message, member: StaffMember) -> tuple[Occupancy, Snapshot]:
        """Return a session that has not ended, takes place and is theirs. Raises NothingToSay."""
        try:
            occupancy = self.store.session(message.session_id)
        except UnknownSession as error:
            raise NothingToSay("not sent: the session is gone") from error
        terms = occupancy.terms
        shown = snapshot.read(terms.snapshot_json, terms.session_id)
        if terms.status is Status.CANCELLED or terms.ends <= self.now():
            raise NothingToSay("not sent: the session is over, or does not take place")
        if not member.may_see(shown.session):
            raise NothingToSay("not sent: the session is another trainer’s by now")
        return occupancy, shown

    def _needs(self, message: Message, member: StaffMember) -> StaffNews:
        occupancy, shown = self._session(message, member)
        found = self.store.registration(message.session_id, message.registration_id)
        if found is None or not found.is_active or not found.person.needs:
            raise NothingToSay("not sent: whoever asked for help does not ask any more")
        asks = Mentioned(found.person, found.state)
        return StaffNews((_news(occupancy, shown, {Group.ASKS: (asks,)}),))

    def _roster(self, message: Message, member: StaffMember) -> StaffNews:
        occupancy, shown = self._session(message, member)
        moved = shown.session.period.first_day - _DAY != date.fromisoformat(message.occasion)
        if moved or occupancy.terms.starts <= self.now():
            raise NothingToSay("not sent: the session has begun, or is on another day by now")
        coming = [each for each in self.store.roster(message.session_id) if each.state is State.CONFIRMED]
        coming.sort(key=lambda each: normalized_name(each.person.name))
        return StaffNews((_news(occupancy, shown, {Group.COMING: _mentioned(coming)}),))

    def _daily(self, day: date, member: StaffMember) -> StaffNews:
        begins, ends = (datetime.combine(each, time(), PACIFIC).astimezone(UTC) for each in (day, day + _DAY))
        sessions = []
        for occupancy, shown in self._readable(begins):
            if not member.may_see(shown.session):
                continue
            try:
                roster = self.store.roster(occupancy.terms.session_id)
            except (UnknownSession, Damaged):
                continue  # the doctor tells of it, and what happened elsewhere is told nevertheless
            ended = [each for each in roster if not each.is_active and begins <= each.since < ends]
            groups = {
                Group.SIGNED_UP: [each for each in roster if begins <= each.signed_up < ends],
                Group.CANCELLED: [each for each in ended if each.moved_to is None],
                Group.MOVED: [each for each in ended if each.moved_to is not None],
            }
            if any(groups.values()):
                told = {group: _mentioned(people) for group, people in groups.items()}
                sessions.append(_news(occupancy, shown, told))
        if not sessions:
            raise NothingToSay("not sent: nobody signed up or canceled")
        return StaffNews(tuple(sessions), day=day)

    def _problems(self, message: Message) -> StaffNews:
        now = self.now()
        failed, pending = self.store.failed(), self.store.pending()
        waiting = [each for each in pending if each.message.key != message.key]
        late = len(stuck(waiting, self.store.wishes(now=now), now))
        people: dict[str, dict[str, Mentioned]] = {}
        sessions = {each.terms.session_id: (each, shown) for each, shown in self._readable(now)}
        for registration, problem in self._not_reached(failed, [each for each, _ in sessions.values()]):
            told = people.setdefault(registration.session_id, {})
            told[registration.registration_id] = Mentioned(registration.person, registration.state, problem)
        staff = {each.message.email for each in failed if each.message.kind.for_staff}
        news = [
            _news(*sessions[session_id], {Group.NOT_REACHED: tuple(told.values())})
            for session_id, told in people.items()
        ]
        if not (news or staff or late):
            raise NothingToSay("not sent: nothing is wrong")
        return StaffNews(
            tuple(sorted(news, key=lambda each: each.snapshot.session.period.start)),
            not_reached=sum(map(len, people.values())),
            staff_not_reached=tuple(sorted(staff)),
            stuck=late,
        )

    def _not_reached(
        self, failed: Iterable[Delivery], sessions: Sequence[Occupancy]
    ) -> Iterator[tuple[Registration, str]]:
        """Yield people whose email was given up or came back, and whose email address has not been corrected since."""
        ahead = {each.terms.session_id for each in sessions}
        for delivery in failed:
            message = delivery.message
            if message.kind.for_staff or message.session_id not in ahead:
                continue
            found = self.store.registration(message.session_id, message.registration_id)
            if found and normalized_email(found.person.email) == normalized_email(message.email):
                yield found, delivery.problem or ""
        for registration in bounced(self.store, sessions):
            yield registration, registration.bounced or ""

    def _refused(self, message: Message) -> StaffNews:
        said = json.loads(message.body or "{}")
        sessions = [
            _news(occupancy, shown, {})
            for occupancy, shown in self._readable(self.now())
            if occupancy.terms.session_id in said["vanished"] and (occupancy.confirmed or occupancy.waiting)
        ]
        if not (sessions or said["too_many"]):
            raise NothingToSay("not sent: nobody is signed up any more for what the schedule left out")
        return StaffNews(tuple(sessions), too_many=said["too_many"])

    def _readable(self, after: datetime) -> Iterator[tuple[Occupancy, Snapshot]]:
        """Yield the sessions that end after an instant; what cannot be read is for the doctor to tell."""
        for occupancy in self.store.sessions(after=after):
            try:
                yield occupancy, snapshot.read(occupancy.terms.snapshot_json, occupancy.terms.session_id)
            except UnreadableSnapshot:
                continue


def _mentioned(registrations: Iterable[Registration]) -> tuple[Mentioned, ...]:
    return tuple(Mentioned(each.person, each.state) for each in registrations)


def _news(
    occupancy: Occupancy, shown: Snapshot, groups: Mapping[Group, tuple[Mentioned, ...]]
) -> SessionNews:
    return SessionNews(shown, occupancy.terms.capacity, occupancy.confirmed, occupancy.waiting, groups)
