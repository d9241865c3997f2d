# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who gets which page of the staff desk: every route, and everybody who may ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from werkzeug.test import TestResponse

from register.web.staff.app import create_desk
from register.web.staff.tokens import SIGN_IN_LASTS
from tests.support.rosters import EVA, MESSAGE, PEOPLE, ROSTER, joined
from tests.support.staff import OFFICE, OTHER, TOKENS, TRAINER, TRAINERS_SESSION, StaffWorld, keep
from tests.support.visitors import Visitor


@dataclass(frozen=True)
class Row:
    """What somebody who asks for a route is answered, as a status: a page of the desk is never 403 or 404."""

    path: str
    office: int
    trainer: int
    other: int
    """The trainer of other sessions."""
    nobody: int = 403
    form: Mapping[str, str] | None = None
    """What is sent with POST."""


SESSION = "/register/staff/sessions/<session_id>/"
OWN = f"/register/staff/sessions/{TRAINERS_SESSION}/"
OF_ALL = {"office": 200, "trainer": 200, "other": 200}
OF_ITS_TRAINER = {"office": 200, "trainer": 200, "other": 404}
ANA = f"{PEOPLE}/id-Ana"
ROWS: dict[str, Row] = {
    "GET /register/staff/": Row("/register/staff/", **OF_ALL, nobody=200),
    "POST /register/staff/": Row("/register/staff/", 303, 303, 303, nobody=303, form={"email": OFFICE.email}),
    "GET /register/staff/in/<token>": Row("/register/staff/in/x", 404, 404, 404, nobody=404),
    "POST /register/staff/in/<token>": Row("/register/staff/in/x", 303, 303, 303, nobody=404),
    "POST /register/staff/out": Row("/register/staff/out", 303, 303, 303, nobody=303),
    # Programs sign in nowhere: the address itself is what they have.
    "GET /register/staff/feed/<token>.ics": Row(
        f"/register/staff/feed/{TOKENS.feed(TRAINER.email_hash, 0)}.ics", **OF_ALL, nobody=200
    ),
    "POST /register/staff/feed": Row("/register/staff/feed", 303, 303, 303),
    "POST /register/staff/search": Row("/register/staff/search", **OF_ALL, form={"q": "ana"}),
    "GET /register/staff/search": Row("/register/staff/search", 303, 303, 303),
    f"GET {SESSION}attendance": Row(f"{OWN}attendance", 200, 200, 404),
    f"POST {SESSION}attendance": Row(f"{OWN}attendance", 409, 409, 404),  # too early
    f"GET {SESSION}attendance/upload": Row(f"{OWN}attendance/upload", 303, 303, 404),
    f"POST {SESSION}attendance/upload": Row(f"{OWN}attendance/upload", 409, 409, 404),
    "GET /register/staff/report": Row("/register/staff/report", **OF_ALL),
    "GET /register/staff/report.csv": Row("/register/staff/report.csv", **OF_ALL),
    "GET /register/staff/sessions/<session_id>/": Row(ROSTER, **OF_ITS_TRAINER),
    "GET /register/staff/sessions/<session_id>/roster.csv": Row(f"{ROSTER}roster.csv", **OF_ITS_TRAINER),
    "GET /register/staff/sessions/<session_id>/sheet": Row(f"{ROSTER}sheet", **OF_ITS_TRAINER),
    "GET /register/staff/sessions/<session_id>/people": Row(PEOPLE, **OF_ITS_TRAINER),
    "POST /register/staff/sessions/<session_id>/people": Row(PEOPLE, 303, 303, 404, form=EVA),
    "GET /register/staff/sessions/<session_id>/people/<registration_id>": Row(ANA, **OF_ITS_TRAINER),
    **{
        f"GET /register/staff/sessions/<session_id>/people/<registration_id>/{action}": Row(
            f"{ANA}/{action}", 303, 303, 404
        )
        for action in ("correct", "move", "cancel", "resend")
    },
    "POST /register/staff/sessions/<session_id>/people/<registration_id>/correct": Row(
        f"{ANA}/correct", 303, 303, 404, form=EVA
    ),
    "POST /register/staff/sessions/<session_id>/people/<registration_id>/move": Row(
        f"{ANA}/move", 303, 303, 404, form={"session": "2027-01-14-overview"}
    ),
    "POST /register/staff/sessions/<session_id>/people/<registration_id>/cancel": Row(
        f"{ANA}/cancel", 303, 303, 404
    ),
    "POST /register/staff/sessions/<session_id>/people/<registration_id>/resend": Row(
        f"{ANA}/resend",
        409,
        409,
        404,  # what was sent less than an hour ago is not sent again
    ),
    "GET /register/staff/sessions/<session_id>/message": Row(MESSAGE, **OF_ITS_TRAINER),
    "POST /register/staff/sessions/<session_id>/message": Row(MESSAGE, 422, 422, 404, form={}),
}


def test_every_route_of_the_desk_has_a_row(staff: StaffWorld) -> None:
    """A branch that adds a route says here who may have it."""
    app = create_desk(staff.desk())

    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROWS)


def forged(staff: StaffWorld) -> str:
    """Return a cookie whose last letter is another one."""
    good = staff.cookie()
    return good[:-1] + ("A" if good[-1] != "A" else "B")


def too_old(staff: StaffWorld) -> str:
    """Return a cookie of twelve hours ago."""
    old = staff.cookie()
    staff.world.clock.now += SIGN_IN_LASTS
    return old


def signed_out(staff: StaffWorld) -> str:
    """Return the cookie of somebody who has signed out on another device."""
    old = staff.cookie()
    staff.world.store.end_staff_sessions(OFFICE.email_hash)
    return old


def removed(staff: StaffWorld) -> str:
    """Return the cookie of somebody who is no longer staff."""
    old = staff.cookie()
    staff.members.remove(OFFICE)
    return old


NOBODY: dict[str, Callable[[StaffWorld], str]] = {
    "nobody": lambda _staff: "",
    "forged": forged,
    "too old": too_old,
    "signed out": signed_out,
    "removed": removed,
}
MEMBERS = {"office": OFFICE, "trainer": TRAINER, "other": OTHER}


def asked(visitor: Visitor, endpoint: str, row: Row) -> TestResponse:
    """Return the answer to somebody who asks for a route, as a browser does."""
    if endpoint.startswith("GET "):
        return visitor.get(row.path)
    return visitor.post(row.path, row.form)


@pytest.mark.parametrize("endpoint", ROWS)
@pytest.mark.parametrize("who", NOBODY)
def test_whoever_has_not_signed_in_gets_nothing(staff: StaffWorld, endpoint: str, who: str) -> None:
    joined(staff, "Ana")
    row, visitor = ROWS[endpoint], staff.visitor()
    keep(visitor, NOBODY[who](staff))
    answer = asked(visitor, endpoint, row)

    assert answer.status_code == row.nobody
    assert "Signed in as" not in answer.text


@pytest.mark.parametrize("endpoint", ROWS)
@pytest.mark.parametrize("who", MEMBERS)
def test_staff_get_what_is_theirs(staff: StaffWorld, endpoint: str, who: str) -> None:
    joined(staff, "Ana")
    row = ROWS[endpoint]

    assert asked(staff.signed_in(MEMBERS[who]), endpoint, row).status_code == getattr(row, who)
