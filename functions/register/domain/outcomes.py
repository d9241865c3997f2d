# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each verb changes, computed from what was read: a store writes all of it or nothing.

So the seats, the counts of an email address, the numbers of messages and what an email does to a calendar are said
once, for every store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from register.domain.messages import Message, Method
from register.domain.model import ChangedBy, Kind, Occupancy, Person, Registration, SessionTerms, State, Tally
from register.domain.notifications import (
    EACH,
    ONCE,
    News,
    message,
    method_of,
    news_of_sign_up,
    next_number,
)
from register.domain.outcome import Outcome, RegistrationChange, TallyChange
from register.domain.staff_messages import staff_message
from schedule.model import Status


@dataclass(slots=True)
class _Book:
    """Puts an outcome together: the counts of each email address, from message to message."""

    occupancy: Occupancy
    read: Mapping[str, Tally]
    now: dict[str, Tally] = field(default_factory=dict)
    registrations: list[RegistrationChange] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def terms(self) -> SessionTerms:
        """What the schedule says of the session."""
        return self.occupancy.terms

    def change(self, before: Registration | None, after: Registration) -> None:
        """Put a registration as it is now in the place of what it was, and count it at its email address."""
        if before is not None:
            self._count(before, -1)
        self._count(after, 1)
        self.registrations.append(RegistrationChange(before, after))

    def _count(self, registration: Registration, by: int) -> None:
        tally = self.tally(registration)
        self.now[registration.person.email_hash] = replace(
            tally,
            active=tally.active + by * registration.is_active,
            seats=tally.seats + by * _has_seat(registration),
        )

    def tell(self, news: News, registration: Registration, method: Method | None) -> None:
        """Record a message under the next number of its email address; none where there is no address."""
        if not registration.person.email:
            return
        if all(change.after.registration_id != registration.registration_id for change in self.registrations):
            self.registrations.append(RegistrationChange(registration, registration))
        tally = self.tally(registration)
        number = next_number(tally, self.occupancy.highest_erased, news.recorded)
        self.now[registration.person.email_hash] = replace(tally, last=number)
        self.messages.append(message(news, registration, self.terms, number=number, method=method))

    def tell_staff_of_needs(self, before: Registration | None, after: Registration, now: datetime) -> None:
        """Record that somebody asks for help, where that is new; the last of the messages."""
        known = "" if before is None else before.person.needs
        if not after.person.email or after.person.needs in {"", known}:
            return
        # Numbers rise with one email address, and the generation from one address to the next.
        occasion = f"{after.link_generation}-{self.tally(after).last}"
        asks = staff_message(
            Kind.STAFF_NEEDS,
            session_id=after.session_id,
            registration_id=after.registration_id,
            occasion=occasion,
            recorded=now,
        )
        self.messages.append(asks)

    def tell_as_usual(self, news: News, registration: Registration) -> None:
        """Record a message that does to the calendar what emails of its kind do."""
        self.tell(news, registration, method_of(news.kind, registration.state, self.terms.status))

    def tally(self, registration: Registration) -> Tally:
        """Return the counts of a registration's email address as they are by now."""
        email_hash = registration.person.email_hash
        return self.now.get(email_hash) or self.read[email_hash]

    def outcome(self) -> Outcome:
        """Return what has come together."""
        changed = self.registrations
        return Outcome(
            session_id=self.terms.session_id,
            confirmed=_counted(changed, State.CONFIRMED),
            waiting=_counted(changed, State.WAITLISTED),
            registrations=tuple(changed),
            tallies=tuple(TallyChange(key, self.read[key], tally) for key, tally in self.now.items()),
            messages=tuple(self.messages),
        )


def signed_up(
    occupancy: Occupancy, new: Registration, tally: Tally, *, other: SessionTerms | None = None
) -> Outcome:
    """Give somebody a seat or a place in the line, as the state of the new registration says.

    `other` is the session that they come from, or keep.
    """
    return _given(occupancy, None, new, tally, other)


def cancelled(
    occupancy: Occupancy,
    registration: Registration,
    tallies: Mapping[str, Tally],
    now: datetime,
    by: ChangedBy,
    *,
    first: Registration | None = None,
    to: SessionTerms | None = None,
) -> Outcome:
    """Give a seat or a place back; a seat goes to the first person who waits, if one is handed in.

    `to` is the session that somebody moves to.

    `tallies` are those of both, by the hash of their email address. The calendar loses the event only with the last
    seat of its email address: others with that one share it.
    """
    book = _Book(occupancy, tallies)
    gone = replace(_in_state(State.CANCELLED, registration, now, by), attended=None)
    if to is not None:
        gone = replace(gone, moved_to=to.session_id)
    book.change(registration, gone)
    seated = None
    if first is not None:
        seated = _seated(first, now, ChangedBy.SCHEDULE)
        book.change(first, seated)
    ends = book.tally(registration).seats == 0 or occupancy.terms.status is Status.CANCELLED
    method = Method.CANCEL if _has_seat(registration) and ends else None
    # That an address is erased is told once, and not for each of its people: the email has no name.
    if by is not ChangedBy.ERASURE or method is not None or book.tally(registration).active == 0:
        where_to = None if to is None else to.snapshot_json
        news = News(Kind.CANCELLATION, ONCE, now, by, other_snapshot_json=where_to)
        book.tell(news, registration, method)
    if seated is not None:
        _tell_promotion(book, seated)
    return book.outcome()


def promoted(
    occupancy: Occupancy,
    waiting: Registration,
    tally: Tally,
    now: datetime,
    by: ChangedBy = ChangedBy.SCHEDULE,
    *,
    attended: bool | None = None,
) -> Outcome:
    """Give a seat to somebody who waits, and may be there already."""
    book = _Book(occupancy, {waiting.person.email_hash: tally})
    seated = replace(_seated(waiting, now, by), attended=attended)
    book.change(waiting, seated)
    _tell_promotion(book, seated)
    return book.outcome()


def amended(
    occupancy: Occupancy,
    known: Registration,
    person: Person,
    tallies: Mapping[str, Tally],
    now: datetime,
    by: ChangedBy,
    *,
    by_link: bool,
) -> Outcome:
    """Put somebody's corrected data in the place of the old; seat and place stay.

    `tallies` are those of the old and the new email address, by their hash. Where these differ, all links to the
    registration are dead, the old address is told without a name, and its calendar loses the event with its last seat.
    """
    book = _Book(occupancy, tallies)
    used_link, changed = known.used_link or by_link, max(now, known.changed)
    after = replace(known, person=person, used_link=used_link, changed=changed)
    moves_address = person.email_hash != known.person.email_hash
    if moves_address:
        after = replace(after, link_generation=known.link_generation + 1, bounced=None)
    book.change(known, after)
    if moves_address:
        ends = _has_seat(known) and book.tally(known).seats == 0
        book.tell(News(Kind.ADDRESS_CHANGED, EACH, now, by), known, Method.CANCEL if ends else None)
    book.tell_as_usual(News(Kind.CORRECTION, EACH, now, by), after)
    book.tell_staff_of_needs(known, after, now)
    return book.outcome()


def arrived(
    occupancy: Occupancy,
    waiting: Registration,
    tally: Tally,
    now: datetime,
    by: ChangedBy,
    source: SessionTerms,
) -> Outcome:
    """Give a free seat to somebody who waits, and moves here for it: nothing is kept beside it any more."""
    return _given(occupancy, waiting, replace(_seated(waiting, now, by), besides=False), tally, source)


def kept(occupancy: Occupancy, registration: Registration, tally: Tally, *, by_link: bool) -> Outcome:
    """Change nothing here when somebody waits elsewhere, too, but keep that it was asked for by the link."""
    book = _Book(occupancy, {registration.person.email_hash: tally})
    book.change(registration, replace(registration, used_link=registration.used_link or by_link))
    return book.outcome()


def notified(occupancy: Occupancy, registration: Registration, tally: Tally, news: News) -> Outcome:
    """Tell one person something that changes nothing about the registration."""
    book = _Book(occupancy, {registration.person.email_hash: tally})
    book.tell_as_usual(news, registration)
    return book.outcome()


def _given(
    occupancy: Occupancy,
    before: Registration | None,
    after: Registration,
    tally: Tally,
    other: SessionTerms | None,
) -> Outcome:
    """Put a seat or a place in the line in place, and tell of it."""
    book = _Book(occupancy, {after.person.email_hash: tally})
    book.change(before, after)
    snapshot = None if other is None else other.snapshot_json
    book.tell_as_usual(replace(news_of_sign_up(after, after.since), other_snapshot_json=snapshot), after)
    book.tell_staff_of_needs(before, after, after.since)
    return book.outcome()


def _seated(waiting: Registration, now: datetime, by: ChangedBy) -> Registration:
    return _in_state(State.CONFIRMED, waiting, now, by)


def _in_state(state: State, registration: Registration, now: datetime, by: ChangedBy) -> Registration:
    changed = max(now, registration.changed)  # clocks are set back
    return replace(registration, state=state, since=now, changed=changed, queue_number=None, changed_by=by)


def _tell_promotion(book: _Book, seated: Registration) -> None:
    book.tell_as_usual(News(Kind.PROMOTION, ONCE, seated.since, seated.changed_by), seated)


def _has_seat(registration: Registration) -> bool:
    return registration.state is State.CONFIRMED


def _counted(changes: Iterable[RegistrationChange], state: State) -> int:
    return sum(
        (change.after.state is state) - (change.before is not None and change.before.state is state)
        for change in changes
    )
