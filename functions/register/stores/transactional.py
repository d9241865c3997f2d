# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of a store that has real transactions: read, let the domain decide, write what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from register.domain import outcomes
from register.domain.admission import Admission
from register.domain.attendance import admitted_again
from register.domain.errors import SessionOver, UnknownRegistration
from register.domain.model import (
    ChangedBy,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    SignedUp,
    State,
)
from register.domain.notifications import (
    is_affected,
    is_reminded,
    news_of_notice,
    news_of_reminder,
    news_of_sign_up,
    recorded_lately,
    reminded_too_soon,
    reminder_due,
)
from register.domain.rate_limits import Limit
from register.domain.rules import allow_sign_up, promotion_due, refusal_to_all, state_for_next
from register.domain.trail import TrailAction
from register.stores.errors import Conflict
from register.stores.transaction import Transaction, notify, still_current, telling
from register.stores.transactional_changes import TransactionalChanges, cancellation
from register.stores.transactional_desk import TransactionalDesk


class TransactionalStore(TransactionalChanges, TransactionalDesk):
    """The verbs of `Registrations` and `Sessions` that change something."""

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        admission: Admission = Admission.FORM,
        by: ChangedBy = ChangedBy.PERSON,
        staff: str = "",
    ) -> SignedUp:
        """See `Registrations.sign_up`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            if refused := refusal_to_all(occupancy.terms, now, admission):
                raise refused
            transaction.count(limits, now)
            known = transaction.active_registration(session_id, person.identity)
            tally = transaction.tally(session_id, person.email_hash)
            allow_sign_up(occupancy, known, tally, now, admission)
            if known is not None:
                again = admitted_again(occupancy, known, tally, now, admission, by, staff)
                if again is not None:
                    transaction.write(again)
                    return SignedUp(again.registrations[0].after, None, repeated=True)
                _repeat_email(transaction, occupancy, known, now, by, staff)
                return SignedUp(known, transaction.place(known), repeated=True)
            state = state_for_next(occupancy, now, admission)
            waits = state is State.WAITLISTED
            new = Registration(
                session_id=session_id,
                registration_id=registration_id,
                state=state,
                person=person,
                signed_up=now,
                since=now,
                changed=now,
                queue_number=transaction.draw_queue_number(session_id) if waits else None,
                changed_by=by,
                attended=admission.attended,
            )
            signed_up = outcomes.signed_up(occupancy, new, tally)
            transaction.write(signed_up.noted(admission.action, now, by, staff))
            return SignedUp(new, occupancy.waiting + 1 if waits else None, repeated=False)

    def cancel(
        self, session_id: str, registration_id: str, *, now: datetime, by: ChangedBy, staff: str = ""
    ) -> Registration:
        """See `Registrations.cancel`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            known = still_current(transaction, session_id, registration_id)
            if not known.is_active:
                return known
            if occupancy.terms.ends <= now:
                raise SessionOver(session_id, occupancy.terms.ends)
            outcome = cancellation(transaction, occupancy, known, now, by)
            outcome = outcome.noted(TrailAction.CANCELLED, now, by, staff)
            transaction.write(outcome)
            return outcome.registrations[0].after

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        """See `Sessions.promote_one`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            first = transaction.first_in_line(session_id) if promotion_due(occupancy, now) else None
            if first is None:
                return False
            tally = transaction.tally(session_id, first.person.email_hash)
            return transaction.write(outcomes.promoted(occupancy, first, tally, now))

    def resend(
        self,
        session_id: str,
        registration_id: str,
        *,
        now: datetime,
        by: ChangedBy = ChangedBy.PERSON,
        staff: str = "",
    ) -> bool:
        """See `Registrations.resend`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            known = still_current(transaction, session_id, registration_id)
            if not known.is_active:
                raise UnknownRegistration(session_id)
            return _repeat_email(transaction, occupancy, known, now, by, staff)

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        """See `Registrations.count`."""
        with self.transaction() as transaction:
            transaction.count(limits, now)

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        """See `Sessions.sync_session`."""
        with self.transaction() as transaction:
            found = transaction.find_occupancy(terms.session_id)
            if (found and found.terms) != (expected and expected.terms) or (found and found.notice):
                raise Conflict(terms.session_id)
            transaction.put_session(terms, notice)

    def withdraw(self, session_id: str) -> bool:
        """See `Sessions.withdraw`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            if occupancy.confirmed or occupancy.waiting:
                return False
            transaction.delete_session(session_id)
            return True

    def write_out_notice(self, session_id: str) -> int:
        """See `Sessions.write_out_notice`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            notice = occupancy.notice
            if notice is None:
                return 0
            news = news_of_notice(notice, occupancy.terms)
            people = [each for each in transaction.roster(session_id) if is_affected(each, notice)]
            new = sum(notify(transaction, occupancy, each, news) for each in people)
            transaction.clear_notice(session_id)
            return new

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        """See `Sessions.write_reminders`."""
        with self.transaction() as transaction:
            occupancy = transaction.occupancy(session_id)
            if reminded_too_soon(occupancy, now):
                transaction.set_reminded(session_id, None)
            if not reminder_due(occupancy, now):
                return 0
            terms = occupancy.terms
            new = sum(
                notify(transaction, occupancy, each, news_of_reminder(terms, now, transaction.place(each)))
                for each in transaction.roster(session_id)
                if is_reminded(each, terms)
            )
            transaction.set_reminded(session_id, terms.starts)
            return new


def _repeat_email(
    transaction: Transaction,
    occupancy: Occupancy,
    known: Registration,
    now: datetime,
    by: ChangedBy,
    staff: str,
) -> bool:
    """Record the email that answers a sign-up once more, unless there was one lately; return whether it is new."""
    news = news_of_sign_up(known, now)
    if recorded_lately(transaction.recorded(known, news.kind), now):
        return False
    repeated = telling(transaction, occupancy, known, news)
    if not repeated.messages:
        return False
    return transaction.write(repeated.noted(TrailAction.RESENT, now, by, staff))
