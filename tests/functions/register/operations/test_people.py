# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do for people who call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from register.domain.changes import Moved, MoveResult
from register.domain.errors import UnknownSession
from register.domain.model import ChangedBy, Kind, Person
from register.operations.people import NotDone, correct, fields, find, moved_in_words, resend
from register.stores.memory import MemoryStore
from tests.support.builders import SESSION, kinds, opened, terms
from tests.support.constants import HOUR, NOW


@pytest.fixture
def store() -> MemoryStore:
    """A session of two seats, and others; a family shares an email address."""
    store = MemoryStore()
    people = opened(store, terms(), terms("other"))
    people.sign_up("Ana", "Bo", email="cruz@example.net")
    people.sign_up("Dee")
    people.sign_up("Eli", session_id="other")
    return store


def test_a_person_is_found_by_email_and_by_name_where_several_share_it(store: MemoryStore) -> None:
    assert find(store, SESSION, "DEE@example.net").person.name == "Dee"
    assert find(store, SESSION, "cruz@example.net", " bO ").person.name == "Bo"


@pytest.mark.parametrize(
    ("email", "name", "message"),
    [
        (
            "cruz@example.net",
            None,
            f"{SESSION}: 2 people share this email address; give the name too",
        ),
        (
            "cruz@example.net",
            "Dee",
            f"{SESSION}: nobody with that name and email address is signed up; look at the roster",
        ),
        (
            "eli@example.net",
            None,
            f"{SESSION}: nobody with that name and email address is signed up; look at the roster",
        ),
    ],
)
def test_who_is_meant_must_be_clear(store: MemoryStore, email: str, name: str | None, message: str) -> None:
    with pytest.raises(NotDone) as caught:
        find(store, SESSION, email, name)

    assert str(caught.value) == message


def test_a_session_that_is_not_there_is_said_to_be(store: MemoryStore) -> None:
    with pytest.raises(UnknownSession):
        find(store, "none", "dee@example.net")


def test_a_sign_up_that_was_canceled_is_not_meant(store: MemoryStore) -> None:
    dee = find(store, SESSION, "dee@example.net")
    store.cancel(SESSION, dee.registration_id, now=NOW + HOUR, by=ChangedBy.PERSON)

    with pytest.raises(NotDone):
        find(store, SESSION, "dee@example.net")


def test_an_email_goes_out_again_once_an_hour(store: MemoryStore) -> None:
    dee = find(store, SESSION, "dee@example.net")

    resend(store, dee, now=dee.since + HOUR)
    with pytest.raises(NotDone) as caught:
        resend(store, dee, now=dee.since + HOUR)

    assert kinds(store, "dee@example.net") == [Kind.WAITING_LIST, Kind.WAITING_LIST]
    assert str(caught.value) == (
        f"{SESSION}: this email went out less than an hour ago; try again when the hour is over"
    )


@pytest.mark.parametrize(
    ("result", "place", "words"),
    [
        (MoveResult.MOVED, None, "there: confirmed; canceled in here"),
        (MoveResult.WAITS_TOO, 2, "there: is full: waitlisted, number 2; here stays as it was"),
        (MoveResult.THERE_ALREADY, None, "there: was signed up there already; nothing has changed"),
        (
            MoveResult.WAITING_ALREADY,
            3,
            "there: was waiting there already, number 3; nothing has changed",
        ),
    ],
)
def test_what_became_of_a_move_is_said(
    store: MemoryStore, result: MoveResult, place: int | None, words: str
) -> None:
    [dee] = store.registrations_of("dee@example.net")
    assert moved_in_words("here", "there", Moved(result, dee, dee, place)) == words


def test_a_correction_keeps_what_is_not_corrected(store: MemoryStore) -> None:
    [dee] = store.registrations_of("dee@example.net")
    whole = Person(**fields(dee.person) | {"language": dee.person.language})

    assert whole == dee.person
    assert (
        correct(store, dee, whole, now=NOW) == f"{SESSION}: all of that was kept already; nothing has changed"
    )
    assert correct(store, dee, replace(whole, needs="Chair"), now=NOW) == f"{SESSION}: corrected"
    [now] = store.registrations_of("dee@example.net")
    assert (now.person.needs, now.changed_by) == ("Chair", ChangedBy.PERSON)
