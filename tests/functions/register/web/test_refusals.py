# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a correction or a move is refused for, it ends on a page that says so, in the language of the form.

The table is the promise: what has happened, the status, what the page says, and whether what was typed is still there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from werkzeug.test import TestResponse

from register.domain.identity import hash_of
from register.domain.model import ChangedBy, Registration, State
from register.domain.rate_limits import Limits
from register.web.tokens import Tokens
from schedule.model import Language, Status
from tests.support.constants import HOUR, NOON
from tests.support.visitors import (
    FILLED_IN,
    IN_PERSON,
    SECRETS,
    STAFF,
    Visitor,
    World,
    manage_path,
)

ANA = "ana@example.org"
OTHER = "2027-01-14-overview"
TYPED = "Ana Núñez Ruiz"
NAMES = ("Beto", "Cruz", "Dora", "Eva", "Flor")


@dataclass
class Scene:
    """Somebody who has just signed up, and the two addresses that this gives."""

    world: World
    visitor: Visitor
    registration: Registration
    manage: str
    done: str

    def of_manage(self, token: str) -> None:
        """Use another token for the personal link."""
        self.manage = f"/register/manage/{token}"

    def of_done(self, token: str) -> None:
        """Use another token for the receipt."""
        self.done = f"/register/done/{token}"

    def cancel(self) -> None:
        """Have the training team cancel the registration."""
        self.world.store.cancel(STAFF, self.registration.registration_id, now=NOON, by=ChangedBy.STAFF)

    def change_stored(self, **changes: object) -> None:
        """Change the registration behind the back of the page."""
        key = STAFF, self.registration.registration_id
        self.world.store.registrations[key] = replace(self.world.store.registrations[key], **changes)

    def others(self, session: str, email: str) -> None:
        """Have five more people sign up with an address."""
        for name in NAMES:
            assert self.visitor.sign_up(session, name=name, email=email).status_code == 303


@pytest.fixture
def scene(world: World) -> Scene:
    visitor = world.visitor(limits=Limits(None, None))
    done = visitor.sign_up(email=ANA).headers["Location"]
    registration = world.only_registration()
    return Scene(world, visitor, registration, manage_path(registration), done)


def token_of(path: str) -> str:
    return path.rpartition("/")[2]


def tokens_of(scene: Scene) -> dict[str, str]:
    tokens = Tokens(SECRETS)
    made_of = (STAFF, scene.registration.registration_id, 0)
    return {
        "forged": f"{token_of(scene.manage)[:-2]}xx",
        "of another key": Tokens(["another secret of the tests"]).manage(*made_of),
        "receipt": token_of(scene.done),
        "manage": token_of(scene.manage),
        "mine": tokens.mine(hash_of(ANA)),
        "feed": tokens.feed(hash_of(ANA)),
        "nobody's": tokens.manage(STAFF, "rid-unknown", 0),
    }


Before = Callable[[Scene], object]


def nothing(_: Scene) -> None:
    """Do nothing."""


def called_off(scene: Scene) -> None:
    scene.world.change(STAFF, status=Status.CANCELLED)


def over(scene: Scene) -> None:
    scene.world.change(STAFF, starts=NOON - HOUR, ends=NOON, closes=NOON - HOUR)


def started(scene: Scene) -> None:
    scene.world.change(STAFF, starts=NOON, ends=NOON + HOUR, closes=NOON)


def of_other(**changes: object) -> Before:
    return lambda scene: scene.world.change(OTHER, **changes)


def with_token(name: str) -> Before:
    """Use the token of something else in both addresses."""

    def before(scene: Scene) -> None:
        token = tokens_of(scene)[name]
        scene.of_manage(token)
        scene.of_done(token)

    return before


def beto(scene: Scene) -> None:
    """Have somebody sign up with the same address under the name that is then typed."""
    scene.visitor.sign_up(name=TYPED, email=ANA)


def used_link(scene: Scene) -> None:
    scene.change_stored(used_link=True)


def newer_link(scene: Scene) -> None:
    scene.change_stored(link_generation=1)


def repeat(scene: Scene) -> None:
    """Take the receipt of a second sign-up of the same person."""
    scene.done = scene.visitor.sign_up(email=ANA).headers["Location"]


def an_hour(scene: Scene) -> None:
    scene.world.clock.now = NOON + HOUR


def three_tries(scene: Scene) -> None:
    for _ in range(3):
        scene.visitor.post(f"{scene.done}/correct", FILLED_IN | {"email": ANA})


def five_names_at(session: str, email: str) -> Before:
    return lambda scene: scene.others(session, email)


BROKEN = "This link doesn’t work"
DEAD = "This link no longer works"
NO_ONE = "Nobody can sign up for that date any more. Your registration hasn’t changed."
CANCELED = "The training team canceled your registration."
OFF = "This date is canceled."
TAKEN = "This name is already signed up with this email address. Nothing was changed."
FULL = (
    "No more people can sign up for this session with this email address. Use another email address, or "
    "call us."
)
NO_POWER = "This page can no longer correct your registration."

CORRECT: dict[str, tuple[Before, dict[str, str], int, str, bool]] = {
    "canceled": (lambda scene: scene.cancel(), {}, 409, CANCELED, False),
    "session canceled": (called_off, {}, 409, OFF, False),
    "past": (over, {}, 409, "Thank you for coming.", False),
    "taken": (beto, {}, 409, "This person is signed up already", True),
    "too many names": (
        five_names_at(STAFF, "eva@example.org"),
        {"email": "eva@example.org"},
        422,
        FULL,
        True,
    ),
    "nothing typed": (nothing, {"role": ""}, 422, "Choose your role. If none fits, choose “Other”.", True),
    "forged": (with_token("forged"), {}, 404, BROKEN, False),
    "of another key": (with_token("of another key"), {}, 404, BROKEN, False),
    "a receipt": (with_token("receipt"), {}, 404, BROKEN, False),
    "of all registrations": (with_token("mine"), {}, 404, BROKEN, False),
    "of the feed": (with_token("feed"), {}, 404, BROKEN, False),
    "of nobody": (with_token("nobody's"), {}, 410, DEAD, False),
    "old": (newer_link, {}, 410, DEAD, False),
}

MOVE: dict[str, tuple[Before, str, int, str]] = {
    "canceled": (lambda scene: scene.cancel(), OTHER, 409, CANCELED),
    "started": (
        started,
        OTHER,
        409,
        "This date has begun, so you can no longer move: nothing has changed. Please call us.",
    ),
    "past": (over, OTHER, 409, "Thank you for coming."),
    "itself": (nothing, STAFF, 409, "You are signed up for that date already: nothing has changed."),
    "another training": (nothing, IN_PERSON, 404, "We can’t find this date"),
    "unknown": (nothing, "unknown", 404, "We can’t find this date"),
    "that one closed": (of_other(closes=NOON), OTHER, 409, NO_ONE),
    "that one canceled": (of_other(status=Status.CANCELLED), OTHER, 409, NO_ONE),
    "that one past": (of_other(starts=NOON - HOUR, ends=NOON, closes=NOON - HOUR), OTHER, 409, NO_ONE),
    "too many names": (
        five_names_at(OTHER, ANA),
        OTHER,
        409,
        "No more people can sign up for that date with your email address. Your registration hasn’t changed.",
    ),
    "forged": (with_token("forged"), OTHER, 404, BROKEN),
    "of another key": (with_token("of another key"), OTHER, 404, BROKEN),
    "a receipt": (with_token("receipt"), OTHER, 404, BROKEN),
    "of all registrations": (with_token("mine"), OTHER, 404, BROKEN),
    "of the feed": (with_token("feed"), OTHER, 404, BROKEN),
    "of nobody": (with_token("nobody's"), OTHER, 410, DEAD),
    "old": (newer_link, OTHER, 410, DEAD),
}

BY_RECEIPT: dict[str, tuple[Before, dict[str, str], int, str, bool]] = {
    "canceled": (lambda scene: scene.cancel(), {}, 409, NO_POWER, False),
    "session canceled": (called_off, {}, 409, NO_POWER, False),
    "past": (over, {}, 409, NO_POWER, False),
    "its link was used": (used_link, {}, 409, NO_POWER, False),
    "a repeat": (repeat, {}, 409, NO_POWER, False),
    "taken": (beto, {}, 422, TAKEN, True),
    "too many names": (
        five_names_at(STAFF, "eva@example.org"),
        {"email": "eva@example.org"},
        422,
        FULL,
        True,
    ),
    "a fourth try": (three_tries, {}, 429, "Too many requests", True),
    "an hour later": (an_hour, {}, 410, "This page was only available for one hour", False),
    "forged": (with_token("forged"), {}, 404, BROKEN, False),
    "a personal link": (with_token("manage"), {}, 404, BROKEN, False),
    "of all registrations": (with_token("mine"), {}, 404, BROKEN, False),
}


def see(scene: Scene, language: str, answer: TestResponse, status: int, said: str) -> None:
    """See that an answer has the status, and says in its language what has happened."""
    gettext = scene.world.site.told.catalogues[Language(language)].gettext
    assert (answer.status_code, f'<html lang="{language}"' in answer.text) == (status, True)
    assert gettext(said) in answer.text.replace("&#39;", "'")
    assert language == "en" or gettext(said) != said
    # Nobody is left alone: there is always somebody to call.
    assert "tel:" in answer.text


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.mark.parametrize("why", CORRECT)
def test_a_correction_that_is_refused_says_why_and_changes_nothing(
    scene: Scene, why: str, language: str
) -> None:
    before, typed, status, said, kept = CORRECT[why]
    before(scene)
    stored = scene.world.snapshot()[:3]
    sent = FILLED_IN | {"page_language": language, "name": TYPED, "email": ANA} | typed
    answer = scene.visitor.post(f"{scene.manage}/correct", sent)

    see(scene, language, answer, status, said)
    assert (f'value="{TYPED}"' in answer.text) is kept
    assert scene.world.snapshot()[:3] == stored


@pytest.mark.parametrize("why", MOVE)
def test_a_move_that_is_refused_says_why_and_changes_nothing(scene: Scene, why: str, language: str) -> None:
    before, to, status, said = MOVE[why]
    before(scene)
    stored = scene.world.snapshot()[:3]
    answer = scene.visitor.post(f"{scene.manage}/move", {"page_language": language, "session": to})

    see(scene, language, answer, status, said)
    assert scene.world.snapshot()[:3] == stored


@pytest.mark.parametrize("why", BY_RECEIPT)
def test_a_correction_by_the_receipt_that_is_refused_says_why_and_changes_nothing(
    scene: Scene, why: str, language: str
) -> None:
    before, typed, status, said, kept = BY_RECEIPT[why]
    before(scene)
    stored = scene.world.snapshot()[:3]
    sent = {"page_language": language, "name": TYPED, "email": ANA} | typed
    answer = scene.visitor.post(f"{scene.done.partition('?')[0]}/correct", sent)

    see(scene, language, answer, status, said)
    assert (f'value="{TYPED}"' in answer.text) is kept
    assert scene.world.snapshot()[:3] == stored


def test_the_same_move_twice_at_once_says_where_to_and_moves_once(scene: Scene, language: str) -> None:
    form = {"page_language": language, "session": OTHER}
    first, second = (scene.visitor.post(f"{scene.manage}/move", form) for _ in range(2))

    moved = "You moved to this date. We’ve emailed you the details."
    see(scene, language, scene.visitor.follow(first), 200, moved)
    # The old link shows no page with power over the new registration.
    see(scene, language, second, 409, "You moved to another date:")
    states = {one.session_id: one.state for one in scene.world.store.registrations.values()}
    assert states == {STAFF: State.CANCELLED, OTHER: State.CONFIRMED}


def test_the_same_correction_twice_at_once_is_taken_once(scene: Scene, language: str) -> None:
    sent = FILLED_IN | {"page_language": language, "name": TYPED, "email": ANA}
    first, second = (scene.visitor.post(f"{scene.manage}/correct", sent) for _ in range(2))

    see(
        scene,
        language,
        scene.visitor.follow(first),
        200,
        "Your details are corrected. We’ve emailed you what we have now.",
    )
    see(
        scene,
        language,
        scene.visitor.follow(second),
        200,
        "What you sent is what we had already: nothing has changed.",
    )
    assert len(scene.world.store.outbox) == 2
