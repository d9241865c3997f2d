# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any order of steps gives the same on a real store as on the plain model."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from register.domain.admission import Admission
from register.domain.announcements import AnnouncedTo
from register.domain.changes import Moved
from register.domain.counts import count
from register.domain.errors import Refused
from register.domain.messages import MessageKey
from register.domain.model import ChangedBy, Kind, Person, Registration, SessionTerms, State
from register.domain.rate_limits import Limit
from register.domain.staff_messages import staff_message
from register.stores import Store
from register.stores.deliveries import Delivery, DeliveryFault
from register.stores.errors import StoreError
from register.stores.memory import MemoryStore
from register.stores.sqlite.store import SQLiteStore
from schedule.model import Status
from tests.support.builders import LEASE, STARTS, announcement, notice, person, terms
from tests.support.constants import HOUR, NOW
from tests.support.emails import snapshot_json
from tests.support.schedules import session as session_of_training

SESSIONS = ("a", "b")
# Two addresses, so that one of them can run out of names.
PEOPLE = tuple(
    person(f"Person {number}", email=f"{number % 2}@example.net") for number in (0, 1, 2, 3, 4, 6, 8, 10)
)
# Without email, as they walk in.
NAMES_ALONE = tuple(person(f"Person {number}", email="") for number in (0, 1))
TRAINERS = st.sampled_from(["", "trainer@example.org"])
TICKS = st.sampled_from([True, False, None])
sessions = st.sampled_from(SESSIONS)
people = st.sampled_from(PEOPLE)
# A clock is a little ahead, set back a little, or wrong altogether.
clocks = st.sampled_from([0, 0, 0, 1, 30, -1, -45, -3000, -7200]).map(
    lambda seconds: timedelta(seconds=seconds)
)


def date(session: str, **changes: Any) -> SessionTerms:
    """Return a date of the training: people move between them."""
    return terms(session, snapshot_json=SNAPSHOTS[session], **changes)


class Machine(RuleBasedStateMachine):
    """Does each step on both, and compares what each says of it; then looks at everything."""

    make: Callable[[], Store]

    def __init__(self) -> None:
        super().__init__()
        self.real = self.make()
        self.model = MemoryStore()
        self.now = NOW
        self.registration_ids = (f"rid-{number}" for number in itertools.count(1))
        self.known: list[Registration] = []
        for session in SESSIONS:
            self.both("sync_session", date(session), None, expected=None)

    def teardown(self) -> None:
        self.real.close()

    def both(self, verb: str, *values: Any, **named: Any) -> Any:
        """Do one step on both; whatever it answers or raises must be the same."""
        answers = []
        for store in (self.model, self.real):
            try:
                answers.append(plain(getattr(store, verb)(*values, **named)))
            except (Refused, StoreError) as error:
                answers.append(type(error))
        assert answers[1] == answers[0], (verb, values, named)
        return answers[0]

    @rule(seconds=st.sampled_from([1, 60, 3600, 86_400, 86_400 * 6]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(session=sessions, before=st.sampled_from([HOUR * 2, HOUR, timedelta(minutes=1), timedelta()]))
    def the_start_comes_near(self, session: str, before: timedelta) -> None:
        if session in self.model.occupancies:
            self.now = max(self.now, self.starts(session) - before)

    def starts(self, session: str) -> datetime:
        return self.model.occupancies[session].terms.starts

    def line_is_closed(self, session: str) -> bool:
        return self.now >= self.starts(session) - HOUR

    @rule(session=sessions, who=people, limited=st.booleans(), admission=st.sampled_from(Admission))
    def sign_up(self, session: str, who: Person, limited: bool, admission: Admission) -> None:
        self.now += timedelta(seconds=1)
        limits = self.limits(who) if limited else []
        registration_id = next(self.registration_ids)
        answer = self.both(
            "sign_up",
            session,
            who,
            registration_id=registration_id,
            now=self.now,
            limits=limits,
            admission=admission,
            by=ChangedBy.STAFF if admission.by_staff else ChangedBy.PERSON,
        )
        if not isinstance(answer, type) and not answer.repeated:
            self.known.append(answer.registration)
            assert answer.registration.state is State.CONFIRMED or not self.line_is_closed(session)

    @rule(session=sessions, who=st.sampled_from(PEOPLE + NAMES_ALONE), staff=TRAINERS)
    def walk_in(self, session: str, who: Person, staff: str) -> None:
        self.now += timedelta(seconds=1)
        given = {"registration_id": next(self.registration_ids), "now": self.now, "staff": staff}
        by_hand = {"admission": Admission.WALK_IN, "by": ChangedBy.STAFF}
        answer = self.both("sign_up", session, who, **given, **by_hand)
        if not isinstance(answer, type):
            assert (answer.registration.state, answer.registration.attended) == (State.CONFIRMED, True)
            if not answer.repeated:
                self.known.append(answer.registration)

    @rule(data=st.data(), attended=TICKS, expected=TICKS, staff=TRAINERS, in_order=st.booleans())
    def attend(
        self,
        data: st.DataObject,
        attended: bool | None,
        expected: bool | None,
        staff: str,
        in_order: bool,
    ) -> None:
        if self.known:
            self.now += timedelta(seconds=1)
            one = self.somebody(data)
            stored = self.model.registration(one.session_id, one.registration_id)
            seen = stored.attended if stored and in_order else expected
            given = {"attended": attended, "expected": seen, "now": self.now, "staff": staff}
            answer = self.both("attend", one.session_id, one.registration_id, **given)
            if not isinstance(answer, type) and in_order:
                assert answer.attended == attended

    @rule(data=st.data(), by=st.sampled_from(ChangedBy))
    def cancel(self, data: st.DataObject, by: ChangedBy) -> None:
        if self.known:
            self.now += timedelta(seconds=1)
            one = data.draw(st.sampled_from(self.known))
            waiting = self.waiting(one.session_id)
            gone = self.both("cancel", one.session_id, one.registration_id, now=self.now, by=by)
            if not isinstance(gone, type) and self.line_is_closed(one.session_id):
                assert {each for each in waiting if each != gone.registration_id} == self.waiting(
                    one.session_id
                )

    @rule(
        data=st.data(),
        who=people,
        needs=st.sampled_from(["", "Ramp"]),
        by_link=st.sampled_from([None, None, None, 0, 1]),
        receipt=st.sampled_from([False, False, True]),
        limited=st.booleans(),
    )
    def amend(
        self, data: st.DataObject, who: Person, needs: str, by_link: int | None, receipt: bool, limited: bool
    ) -> None:
        if self.known:
            self.now += timedelta(seconds=data.draw(st.integers(0, 1)))
            one = self.somebody(data)
            given = {"link_generation": by_link, "receipt": receipt} | self.by_somebody(data)
            limits = self.limits(who) if limited else []
            corrected = replace(who, needs=needs)
            self.both(
                "amend", one.session_id, one.registration_id, corrected, now=self.now, limits=limits, **given
            )

    @rule(data=st.data(), away=st.sampled_from([True, True, True, False]), by_link=st.sampled_from([None, 0]))
    def move(self, data: st.DataObject, away: bool, by_link: int | None) -> None:
        if self.known:
            self.now += timedelta(seconds=1)
            one = self.somebody(data)
            to = next(each for each in SESSIONS if (each != one.session_id) is away)
            given = {"link_generation": by_link, "to": to, "now": self.now} | self.by_somebody(data)
            new = next(self.registration_ids)
            moved = self.both("move", one.session_id, one.registration_id, new_registration_id=new, **given)
            if isinstance(moved, Moved) and moved.there.registration_id == new:
                self.known.append(moved.there)

    def by_somebody(self, data: st.DataObject) -> dict[str, Any]:
        """Return who does something: the person, or staff, who leave a trail."""
        staff = data.draw(st.none() | TRAINERS)
        return {"by": ChangedBy.PERSON} if staff is None else {"by": ChangedBy.STAFF, "staff": staff}

    def limits(self, who: Person) -> list[Limit]:
        """Return a limit that is soon reached, also by what is refused."""
        return [Limit("recipient", who.email_hash, 3, timedelta(hours=1))]

    def somebody(self, data: st.DataObject) -> Registration:
        """Return a registration, of those that are active mostly."""
        active = [each for each in self.model.registrations.values() if each.is_active]
        return data.draw(st.sampled_from(self.known) | st.sampled_from(active or self.known))

    def waiting(self, session: str) -> set[str]:
        """Return the ids of the registrations that wait."""
        of_session = (each for each in self.model.registrations.values() if each.session_id == session)
        return {each.registration_id for each in of_session if each.state is State.WAITLISTED}

    @rule(session=sessions)
    def promote_one(self, session: str) -> None:
        promoted = self.both("promote_one", session, now=self.now)
        assert promoted is not True or not self.line_is_closed(session)

    @rule(data=st.data(), ahead=clocks)
    def resend(self, data: st.DataObject, ahead: timedelta) -> None:
        if self.known:
            known = data.draw(st.sampled_from(self.known))
            by = self.by_somebody(data)
            self.both("resend", known.session_id, known.registration_id, now=self.now + ahead, **by)

    @rule(session=sessions, erased=st.booleans())
    def keep_counts(self, session: str, erased: bool) -> None:
        if session in self.model.occupancies:
            counted = count(self.model.session(session), self.model.roster(session), organization=str)
            self.both("keep_counts", replace(counted, erased=erased))

    @rule(verb=st.sampled_from(["end_staff_sessions", "new_staff_feed"]), whose=st.sampled_from("xy"))
    def begin_a_generation(self, verb: str, whose: str) -> None:
        self.both(verb, whose)

    @rule(
        mosts=st.lists(st.integers(1, 4), min_size=2, max_size=2),
        window=st.sampled_from([timedelta(minutes=1), timedelta(hours=1)]),
        which=st.sampled_from([("x",), ("y",), ("x", "y"), ("y", "x")]),
        ahead=clocks,
    )
    def count(self, mosts: list[int], window: timedelta, which: tuple[str, ...], ahead: timedelta) -> None:
        """Count with limits that the settings change all the time."""
        limits = [Limit("client", key, most, window) for key, most in zip(which, mosts, strict=False)]
        self.both("count", limits, now=self.now + ahead)

    @rule(
        session=sessions,
        capacity=st.integers(1, 5),
        status=st.sampled_from(Status),
        days=st.integers(0, 9),
        told=st.booleans(),
        to_waiting=st.booleans(),
    )
    def sync(
        self, session: str, capacity: int, status: Status, days: int, told: bool, to_waiting: bool
    ) -> None:
        self.now += timedelta(seconds=1)
        stored = self.model.occupancies.get(session)
        newer = date(
            session,
            starts=STARTS + timedelta(days=days),
            capacity=capacity,
            status=status,
            revision=stored.terms.revision + 1 if stored else 3,
        )
        told_now = None
        if stored and told:
            kind = Kind.SESSION_CANCELLATION if status is Status.CANCELLED else Kind.CHANGE
            from_builder = {
                "recorded": self.now,
                "before_snapshot_json": stored.terms.snapshot_json,
                "to_waiting": to_waiting,
            }
            told_now = replace(NOTICE, kind=kind, **from_builder)
        expected = [store.session(session) if stored else None for store in (self.model, self.real)]
        answers = []
        for store, seen in zip((self.model, self.real), expected, strict=True):
            try:
                answers.append(store.sync_session(newer, told_now, expected=seen))
            except StoreError as error:
                answers.append(type(error))
        assert answers[1] == answers[0]

    @rule(session=sessions)
    def write_out_notice(self, session: str) -> None:
        self.both("write_out_notice", session)

    @rule(session=sessions, occasion=st.sampled_from("xyz"), to=st.sampled_from(AnnouncedTo))
    def announce(self, session: str, occasion: str, to: AnnouncedTo) -> None:
        """Write to people, perhaps for the second time, and perhaps before the last was written out."""
        self.now += timedelta(seconds=1)
        written = announcement(occasion=occasion, to=to, recorded=self.now)
        self.both("announce", session, written, now=self.now, staff="office@example.org")

    @rule(session=sessions)
    def write_out_announcement(self, session: str) -> None:
        self.both("write_out_announcement", session)

    @rule(session=sessions, occasion=st.sampled_from("xyz"))
    def record(self, session: str, occasion: str) -> None:
        """Tell staff something, perhaps once more; one of them has a participant's address."""
        known = {"session_id": session, "email": "0@example.net", "recorded": self.now}
        self.both("record", [staff_message(Kind.STAFF_ROSTER, occasion=occasion, **known)])

    @rule(session=sessions)
    def write_reminders(self, session: str) -> None:
        self.both("write_reminders", session, now=self.now)

    @rule(session=sessions)
    def withdraw(self, session: str) -> None:
        self.both("withdraw", session)

    @rule(data=st.data(), slow=st.booleans(), which=st.integers(0, 3))
    def deliver(self, data: st.DataObject, slow: bool, which: int) -> None:
        """Take what is due, or what is to go next to the address and session of one message."""
        known = messages(self.model, f"{which}@example.net")
        due = [one for one in self.model.pending() if one.due and one.due <= self.now]
        if not known and len({one.due for one in due}) < len(due):
            return  # which of two that are due at the same time comes first is open
        of = data.draw(st.sampled_from(known)).message.key if known else None
        claimed = self.both("claim", now=self.now, lease=LEASE, slow=slow, of=of)
        if isinstance(claimed, Delivery):
            self.settle(data, claimed)

    @rule(data=st.data(), which=st.integers(0, 1))
    def settle_without_a_claim(self, data: st.DataObject, which: int) -> None:
        """As who has lost the lease, or staff with what was given up."""
        if known := messages(self.model, f"{which}@example.net"):
            self.settle(data, data.draw(st.sampled_from(known)))

    def settle(self, data: st.DataObject, one: Delivery) -> None:
        """Let any of the things happen that become of a message."""
        fate = data.draw(st.sampled_from(["sent", "stale", "later", "failed", "crash"]))
        if fate in {"sent", "stale"}:
            instead = "the session is over" if fate == "stale" else None
            self.both("settle_sent", one.message, now=self.now, instead=instead)
        elif fate == "later":
            due_again = self.now + timedelta(minutes=1, microseconds=next(MICROSECONDS))
            why = {"fault": data.draw(st.sampled_from(DeliveryFault)), "slow": data.draw(st.booleans())}
            self.both("settle_later", one.message, due=due_again, problem="451 busy", **why)
        elif fate == "failed":
            why = {"problem": "550 no mailbox", "fault": data.draw(st.sampled_from(DeliveryFault))}
            self.both("settle_failed", one.message, now=self.now, **why)

    @rule(which=st.integers(0, 1))
    def erase(self, which: int) -> None:
        self.both("erase", f"{which}@example.net", now=self.now)

    @rule(which=st.integers(0, 1))
    def forget(self, which: int) -> None:
        """Erase an address with all that it has, as `privacy.forget` does."""
        email = f"{which}@example.net"
        for each in self.model.registrations_of(email):
            self.both("cancel", each.session_id, each.registration_id, now=self.now, by=ChangedBy.ERASURE)
        self.both("erase", email, now=self.now)
        left = messages(self.model, email)
        assert {(each.message.name, each.message.kind) for each in left} <= {
            ("", Kind.CANCELLATION),
            ("", Kind.ADDRESS_CHANGED),
        }
        assert self.model.registrations_of(email) == []

    @rule(which=st.integers(0, 1))
    def bounce(self, which: int) -> None:
        self.both("bounced", f"{which}@example.net", "550 no mailbox", now=self.now)

    @invariant()
    def everything_is_the_same(self) -> None:
        assert [plain(one) for one in self.real.sessions(NOW)] == [
            plain(one) for one in self.model.sessions(NOW)
        ]
        for session in self.model.occupancies:
            assert in_order(self.real, session) == in_order(self.model, session)
            assert self.real.trail(session) == self.model.trail(session)
            assert self.real.tally(session, NOBODY) == self.model.tally(session, NOBODY)
        for which in (0, 1):
            email = f"{which}@example.net"
            assert messages(self.real, email) == messages(self.model, email)
            assert not [each for each in messages(self.real, email) if each.message.kind.for_staff]
        assert to_staff(self.real) == to_staff(self.model)
        assert self.real.counts(NOW) == self.model.counts(NOW)
        for whose in "xy":
            assert self.real.staff_account(whose) == self.model.staff_account(whose)
        assert {one.message.label for one in self.real.failed()} == {
            one.message.label for one in self.model.failed()
        }

    @invariant()
    def nobody_waits_beside_a_seat_that_a_sign_up_would_get(self) -> None:
        for occupancy in self.model.occupancies.values():
            assert occupancy.seats_left == 0 or occupancy.waiting == 0


SNAPSHOTS = {each: snapshot_json(replace(session_of_training(), id=each)) for each in SESSIONS}
NOTICE = notice()
NOBODY = NAMES_ALONE[0].email_hash
MICROSECONDS = itertools.count(1)


def plain(answer: Any) -> Any:
    """Return an answer without the queue_number: a place in the line is what counts."""
    if isinstance(answer, Registration):
        return replace(answer, queue_number=None)
    if isinstance(answer, Moved):
        return replace(answer, left=plain(answer.left), there=plain(answer.there))
    if hasattr(answer, "registration"):
        return replace(answer, registration=plain(answer.registration))
    return answer


def in_order(store: Store, session: str) -> list[tuple[Any, int | None]]:
    """Return the roster with places; who came into the same state at the same time in the order of names."""
    rows = [(plain(one), store.place(one)) for one in store.roster(session)]
    states = list(State)
    return sorted(
        rows, key=lambda row: (states.index(row[0].state), row[1] or 0, row[0].since, row[0].registration_id)
    )


def to_staff(store: Store) -> dict[MessageKey, Delivery]:
    """Return what staff are still to be told."""
    return {each.message.key: each for each in store.pending() if each.message.kind.for_staff}


def messages(store: Store, email: str) -> list[Delivery]:
    """Return the messages to an address in a fixed order."""
    return sorted(store.messages_of(email), key=lambda one: (one.message.recorded, one.message.label))


@pytest.mark.parametrize(
    ("name", "examples", "steps"),
    [
        ("sqlite", 40, 40),
        ("dynamodb", 12, 30),
        pytest.param("sqlite", 1000, 50, marks=pytest.mark.long),
        pytest.param("dynamodb", 100, 50, marks=pytest.mark.long),
    ],
)
def test_any_order_of_steps_gives_what_the_model_gives(
    name: str, examples: int, steps: int, request: pytest.FixtureRequest
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        numbers = itertools.count()

        def sqlite() -> Store:
            return SQLiteStore(Path(folder) / f"{next(numbers)}.sqlite3")

        def dynamodb() -> Store:
            engine: Any = request.getfixturevalue("engine")
            made: Store = engine.store()
            return made

        makers = {"sqlite": sqlite, "dynamodb": dynamodb}
        machine = type("Machine", (Machine,), {"make": staticmethod(makers[name])})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
