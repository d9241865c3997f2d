# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stranger who knows or guesses names and addresses learns nothing, takes nothing and floods nobody."""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64decode
from collections import Counter
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from register.domain.identity import normalized_name
from register.domain.model import ChangedBy, Kind, Registration
from register.web.tokens import Managed, Tokens
from tests.support.constants import HOUR, MINUTE, NOON
from tests.support.visitors import SECRETS, STAFF, Visitor, World, heading, manage_path, receipt_of, signed_up
from tests.support.watched import Watched

VICTIM = "ana@example.org"
NAME = "Ana Núñez"
STRANGER = "198.51.100.7"
OTHER = "2027-01-14-overview"
NO_POWER = "Not right? Use the link in our email, or call us:"


@pytest.fixture
def victim(world: World, visitor: Visitor) -> Registration:
    """Somebody who has signed up, and whose own hour of limits is over."""
    registration = signed_up(world, visitor, VICTIM)
    world.clock.now += HOUR
    world.woken.clear()
    return registration


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def stranger(world: World, victim: Registration, calls: list[str]) -> Visitor:  # noqa: ARG001 - comes after
    visitor = world.visitor(store=Watched(world.store, calls), new_registration_id=Ids())
    visitor.address = STRANGER
    return visitor


class Ids:
    """Ids that no other visitor of a test has."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self) -> str:
        self._made += 1
        return f"rid-stranger-{self._made}"


def correct(visitor: Visitor, sent: TestResponse, name: str, email: str) -> TestResponse:
    form = {"page_language": "en", "name": name, "email": email}
    return visitor.post(f"{sent.headers['Location'].partition('?')[0]}/correct", form)


def answer(response: TestResponse, *typed: str) -> tuple[object, ...]:
    """Return what a stranger can compare of an answer: all but random parts and what was typed."""
    text = f"{response.headers.get('Location', '')}\n{response.text}"
    for one in typed:
        text = text.replace(one, "…")
    text = re.sub(r"(?<=/done/)[\w.-]+|(?<=\?as=)[\w.-]+", "…", text)
    headers = {name for name in response.headers if name[0] not in {"Location", "Content-Length"}}
    return response.status_code, text, sorted(headers)


def untouched(world: World, victim: Registration) -> bool:
    return world.store.registration(victim.session_id, victim.registration_id) == victim


def emails_to(world: World, address: str) -> list[Kind]:
    return [one.message.kind for one in world.store.messages_of(address)]


def test_who_signs_up_as_somebody_else_gets_no_power_and_no_word_of_what_is_stored(
    world: World, victim: Registration, stranger: Visitor
) -> None:
    sent = stranger.sign_up(name=NAME.upper(), email=VICTIM, organization="x", role="other", language="en")
    token = sent.headers["Location"].rpartition("/")[2]

    assert receipt_of(sent).registration_id != victim.registration_id
    page = stranger.follow(sent)
    assert NO_POWER in page.text
    assert correct(stranger, sent, NAME, "evil@example.org").status_code == 409
    assert "Yolo" not in page.text + stranger.get(f"/register/{OTHER}?as={token}").text
    assert untouched(world, victim)
    for _ in range(8):
        stranger.sign_up(name=NAME, email=VICTIM)
    # One more of what was sent before, an hour later, however often somebody signs up as this person.
    assert emails_to(world, VICTIM) == [Kind.CONFIRMATION] * 2
    assert emails_to(world, "evil@example.org") == []


def test_who_corrects_an_address_to_somebody_elses_has_neither_that_persons_seat_nor_the_own_old_link(
    world: World, victim: Registration, stranger: Visitor
) -> None:
    sent = stranger.sign_up(name="Eve", email="eve@example.org")
    own = next(one for one in world.store.registrations.values() if one.person.email == "eve@example.org")
    old_link = manage_path(own)
    assert stranger.get(old_link).status_code == 200
    assert correct(stranger, sent, "Eve", VICTIM).status_code == 303
    before = world.snapshot()

    for page in (
        stranger.get(f"{old_link}?lang=en"),
        stranger.post(f"{old_link}/cancel", {"page_language": "en"}),
    ):
        assert (page.status_code, heading(page)) == (410, "This link no longer works")
    old = Tokens(SECRETS).again(Managed(own.session_id, own.registration_id, 0), with_name=True)
    assert VICTIM not in stranger.get(f"/register/{OTHER}?as={old}").text
    assert world.snapshot() == before
    assert untouched(world, victim)
    # What the person is told goes to the person; the stranger's own address hears that it is out, without a name.
    assert emails_to(world, "eve@example.org") == [Kind.CONFIRMATION, Kind.ADDRESS_CHANGED]
    (told,) = [one.message for one in world.store.messages_of("eve@example.org") if one.message.name == ""]
    assert told.kind is Kind.ADDRESS_CHANGED


def test_once_the_person_at_that_address_acts_the_stranger_has_no_power_any_more(
    world: World, stranger: Visitor
) -> None:
    sent = stranger.sign_up(name="Eve", email="eve@example.org")
    correct(stranger, sent, "Eve", VICTIM)
    given = next(one for one in world.store.registrations.values() if one.person.name == "Eve")
    person = replace(given.person, name="Ana María")
    by_link = {"now": NOON, "by": ChangedBy.PERSON, "link_generation": given.link_generation}
    world.store.amend(STAFF, given.registration_id, person, **by_link)
    kept = world.store.registration(STAFF, given.registration_id)

    page = stranger.follow(sent)
    assert (NO_POWER in page.text, VICTIM in page.text, "María" in page.text) == (True, False, False)
    assert correct(stranger, sent, "Eve", "eve@example.org").status_code == 409
    assert world.store.registration(STAFF, given.registration_id) == kept


def test_all_receipts_without_power_look_and_cost_the_same(
    world: World, stranger: Visitor, calls: list[str]
) -> None:
    """But that one of a repeat says that it is one, as it always did."""
    machine = stranger.sign_up(name="Bob", email="bob@example.org", leave_empty="x")
    used = stranger.sign_up(name="Bob", email="bob@example.org")
    one = next(one for one in world.store.registrations.values() if one.person.name == "Bob")
    world.store.registrations[STAFF, one.registration_id] = replace(one, used_link=True)
    canceled = stranger.sign_up(name="Cat", email="cat@example.org")
    two = next(one for one in world.store.registrations.values() if one.person.name == "Cat")
    world.store.cancel(STAFF, two.registration_id, now=world.clock.now, by=ChangedBy.PERSON)
    answers, costs = [], []
    for sent in (machine, used, canceled):
        calls.clear()
        shown = answer(stranger.follow(sent))
        costs.append([*calls])
        calls.clear()
        answers.append((shown, answer(correct(stranger, sent, "Eve", VICTIM), "Eve", VICTIM)))
        costs.append([*calls])

    assert answers[0] == answers[1] == answers[2]
    assert costs[::2] == [["session", "registration", "sessions"]] * 3
    assert costs[1::2] == [["registration", "session", "registration", "sessions"]] * 3


def test_an_old_receipt_opens_nothing(world: World, stranger: Visitor) -> None:
    sent = stranger.sign_up(name="Bob", email="bob@example.org")
    world.clock.now += HOUR
    before = world.snapshot()

    assert (stranger.follow(sent).status_code, correct(stranger, sent, "Eve", VICTIM).status_code) == (
        410,
        410,
    )
    assert world.snapshot() == before


def near(name: str) -> list[str]:
    """Return names that are one or two letters away from a name, and are not the name."""
    one_away = {name[:place] + sign + name[place + 1 :] for place in range(len(name)) for sign in "aesñ"}
    one_away |= {name[:place] + name[place + 1 :] for place in range(len(name))}
    one_away |= {f"{name}{sign}" for sign in "aes"}
    two_away = {f"{one[:-1]}x" for one in one_away} | {f"x{one[1:]}" for one in one_away}
    guesses = sorted(one for one in one_away | two_away if normalized_name(one) != normalized_name(name))
    assert len(guesses) > 100
    return guesses


def test_names_that_are_nearly_right_are_answered_as_for_an_address_that_nobody_has(
    world: World, victim: Registration, stranger: Visitor, calls: list[str]
) -> None:
    for guess in near(NAME)[::7]:
        known, unknown = [], []
        for email, seen in ((VICTIM, known), ("nobody@example.org", unknown)):
            calls.clear()
            sent = stranger.sign_up(name=guess, email=email)
            seen += [answer(sent, email, guess), answer(stranger.follow(sent), email, guess), [*calls]]
        assert known == unknown
        assert known[0][0] == 303
        # Nobody is over the limits of addresses, mailboxes and names here: what is guessed goes again.
        for one in [one for one in world.store.registrations.values() if one != victim]:
            world.store.cancel(STAFF, one.registration_id, now=world.clock.now, by=ChangedBy.STAFF)
        world.clock.now += HOUR
    assert untouched(world, victim)


def test_correcting_to_a_known_address_is_answered_and_costs_as_to_an_unknown_one(
    world: World, victim: Registration, stranger: Visitor, calls: list[str]
) -> None:
    seen = []
    for own, email in (("eve@example.org", VICTIM), ("eva@example.org", "nobody@example.org")):
        sent = stranger.sign_up(name="Eve", email=own)
        calls.clear()
        changed = correct(stranger, sent, "Ana Nuñes", email)
        seen.append((answer(changed, email), answer(stranger.follow(changed), email), [*calls]))

    assert seen[0] == seen[1]
    assert seen[0][0][0] == 303
    assert untouched(world, victim)


def test_guesses_are_counted_for_the_mailbox_that_they_are_about_whichever_way_they_come(
    world: World, victim: Registration, stranger: Visitor
) -> None:
    outcomes: Counter[int] = Counter()
    for number, guess in enumerate(near(NAME)[:30]):
        # Each from another network and with a seat of its own.
        stranger.address = f"203.0.113.{number}"
        sent = stranger.sign_up(name="Eve", email=f"eve{number}@example.org")
        for _ in range(4):
            outcomes[correct(stranger, sent, guess, VICTIM).status_code] += 1

    # Not one of the guesses was right, and nobody could try out more than the limit of the mailbox.
    assert outcomes[303] + outcomes[422] <= 10
    assert outcomes[429] >= 110
    assert len(emails_to(world, VICTIM)) <= 11
    assert untouched(world, victim)


def test_one_network_floods_no_strangers_with_corrections(world: World, stranger: Visitor) -> None:
    told = 0
    for number in range(40):
        sent = stranger.sign_up(name="Eve", email=f"eve{number}@example.org")
        if sent.status_code != 303:
            continue
        for turn in range(4):
            told += correct(stranger, sent, "Eve", f"stranger{number}x{turn}@example.org").status_code == 303

    # Each sign-up corrects three times, and a network sends sixty of both in an hour.
    assert told == 45
    strangers = [one.message.email for one in world.store.pending() if "stranger" in one.message.email]
    assert max(Counter(strangers).values()) <= 2
    world.clock.now += 59 * MINUTE
    assert stranger.sign_up(name="Eve", email="last@example.org").status_code == 429


def test_one_stranger_is_not_flooded_from_many_networks(world: World, stranger: Visitor) -> None:
    for number in range(20):
        stranger.address = f"203.0.113.{number}"
        sent = stranger.sign_up(name=f"Eve {'X' * (number + 1)}", email=f"eve{number}@example.org")
        for suffix in ("+a", "+b", "+c"):
            correct(stranger, sent, f"Eve {'X' * (number + 1)}", f"kim{suffix}@example.org")

    kim = [one.message for one in world.store.pending() if one.message.email.startswith("kim")]
    # Ten requests may name a mailbox in an hour; one that leaves one of its addresses for another tells both.
    assert 0 < len(kim) <= 20
    world.clock.now += 59 * MINUTE
    stranger.address = STRANGER
    assert stranger.sign_up(name="Kim", email="kim@example.org").status_code == 429


def test_no_token_decodes_to_a_letter_of_a_person(
    world: World, victim: Registration, stranger: Visitor
) -> None:
    sent = [
        stranger.sign_up(name="Zoë Quiñonez", email="zoe@example.org"),
        stranger.sign_up(name=NAME, email=VICTIM),
    ]
    tokens = [one.headers["Location"].rpartition("/")[2] for one in sent]
    tokens += [manage_path(one).rpartition("/")[2] for one in world.store.registrations.values()]
    said = []
    for token in tokens:
        compressed, payload = token.startswith("."), token.strip(".").split(".")[0]
        raw = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        said += json.loads(zlib.decompress(raw) if compressed else raw)

    words = {str(one) for one in said if isinstance(one, str)}
    ids = {one for one in words if re.fullmatch(r"rid-(stranger-)?\d+", one)}
    assert words - ids == {STAFF, "confirmed", "en"}
    assert victim.person.identity not in words
    assert victim.person.email_hash not in words
