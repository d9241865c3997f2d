# SPDX-License-Identifier: AGPL-3.0-or-later
"""The private feed of somebody among staff: their sessions, with how many people come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Response, g

from register.domain.notifications import instant_of
from register.domain.snapshot import read
from register.domain.staff import StaffMember
from register.domain.staff_feed import in_staff_feed, newest_change
from register.web.own import calendar_response
from register.web.staff.desk import Desk
from register.web.tokens import BadToken

if TYPE_CHECKING:
    from schedule.staff_calendars import StaffEvent

PAST = timedelta(days=366)
"""For how long a session that is over stays in feeds, if its people are kept for so long."""


class StaffFeed:
    """`/register/staff/feed/<token>.ics`, and the form that gives it a new address."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, token: str) -> Response:
        """Return the feed. Raises BadToken, also for somebody who is no longer staff or has a newer address."""
        from schedule.staff_calendars import staff_feed

        member = self._of(token)
        g.language = language = member.language
        address = self._desk.at.whole(self._desk.at.staff_feed(token))
        # Whole, or not at all: calendars keep what they have when this fails, and would drop what is left out.
        events = [*self._events(member)]
        return calendar_response(
            staff_feed(events, language, self._desk.web.site_url, self._desk.gettext, address)
        )

    def renew(self) -> Response:
        """Make the address dead that somebody has, for it may be in others' hands, and show the new one."""
        self._desk.web.store.new_staff_feed(self._desk.member.email_hash)
        return self._desk.to(self._desk.at.staff, "new-feed", "subscribe")

    def _of(self, token: str) -> StaffMember:
        email_hash, generation = self._desk.tokens.read_feed(token)
        for member in self._desk.staff():
            if member.email_hash == email_hash:
                if self._desk.web.store.staff_account(email_hash).feed_generation == generation:
                    return member
                break
        raise BadToken

    def _events(self, member: StaffMember) -> Iterator[StaffEvent]:
        from schedule.staff_calendars import StaffEvent

        store, now = self._desk.web.store, self._desk.now
        for occupancy in store.sessions(now - PAST):
            terms = occupancy.terms
            session = read(terms.snapshot_json, terms.session_id).session
            if not (member.may_see(session) and in_staff_feed(occupancy, session, now)):
                continue
            people = store.roster(terms.session_id)
            number = newest_change(occupancy, session, people)
            yield StaffEvent(
                session=session,
                seats=terms.capacity,
                confirmed=occupancy.confirmed,
                waiting=occupancy.waiting,
                needs=sum(each.is_active and bool(each.person.needs) for each in people),
                is_own=member.trainer is not None,
                number=number,
                stamp=instant_of(number),
                join_url=terms.join_url,
            )


def feed_url(desk: Desk) -> str:
    """Return the whole address of the feed of whoever asks."""
    member = desk.member
    generation = desk.web.store.staff_account(member.email_hash).feed_generation
    return desk.at.whole(desk.at.staff_feed(desk.tokens.feed(member.email_hash, generation)))
