# SPDX-License-Identifier: AGPL-3.0-or-later
"""What machines ask for: how full the sessions are, whether all is well; and what the form has to load."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from werkzeug.test import Client

from register.domain import rules
from register.domain.rate_limits import Limits, Rate
from register.stores.deliveries import STUCK_AFTER, DeliveryFault
from register.stores.errors import StoreUnavailable
from schedule.sign_up_state import SignUpState, state_of
from tests.support.built_site import BuiltSite
from tests.support.visitors import CALLED_OFF, STAFF, Visitor, World, broken, world_of


def test_status_says_how_full_the_coming_sessions_are(world: World, visitor: Visitor) -> None:
    world.fill(STAFF, 1)
    assert visitor.get("/register/status.json").json["sessions"][STAFF] == {
        "state": "open",
        "seats_left": 1,
        "waiting": 0,
    }
    visitor.sign_up()
    visitor.sign_up(email="bea@example.org")
    world.change("2026-12-08-parents", closes=world.clock.now)
    world.change("2026-12-10-secondary-user", ends=world.clock.now)
    response = visitor.get("/register/status.json")
    sessions = response.json["sessions"]

    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert sessions[STAFF] == {"state": "full", "seats_left": 0, "waiting": 1}
    assert sessions["2026-12-08-parents"]["state"] == "closed"
    assert sessions[CALLED_OFF]["state"] == "cancelled"
    assert "2026-12-10-secondary-user" not in sessions
    assert "Ana" not in response.text


def test_the_function_says_of_each_session_what_its_page_says(world: World) -> None:
    said, meant = [], []
    for session in world.contract.schedule.sessions:
        terms = world.store.session(session.id).terms
        closes, ends = session.registration_closes, session.period.end
        for now in (closes - timedelta(seconds=1), closes, ends - timedelta(seconds=1), ends):
            said.append(rules.state_of(terms, now))
            meant.append(state_of(session, now))

    assert said == meant
    assert set(said) == set(SignUpState) - {SignUpState.FULL}


def test_health_says_whether_the_store_answers(world: World, visitor: Visitor) -> None:
    good = visitor.get("/register/health")
    assert (good.status_code, good.json) == (200, {"status": "ok", "store": "in memory, 26 sessions"})
    down = world.visitor(store=broken(world.store, StoreUnavailable("secret path"), "health"))
    bad = down.get("/register/health")
    assert (bad.status_code, bad.json) == (503, {"status": "unavailable"})


def test_what_pages_are_made_from_is_loaded_with_the_first_of_them() -> None:
    code = "import sys, register.web.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert {"register.web.contexts", "schedule.templates", "schedule.template_checks"} & set(loaded) == set()


def test_the_health_of_email_is_in_numbers_only(world: World, visitor: Visitor) -> None:
    visitor.sign_up()
    fresh = visitor.get("/register/health/mail")
    world.clock.now += STUCK_AFTER
    stuck = visitor.get("/register/health/mail")

    assert (fresh.status_code, fresh.json) == (200, {"unsent": 1, "stuck": 0})
    assert (stuck.status_code, stuck.json) == (503, {"unsent": 1, "stuck": 1})
    assert (fresh.headers["Cache-Control"], stuck.headers["Cache-Control"]) == ("no-store", "no-store")
    assert visitor.get("/register/health").status_code == 200
    down = world.visitor(store=broken(world.store, StoreUnavailable("secret path"), "pending"))
    bad = down.get("/register/health/mail")
    assert (bad.status_code, bad.json) == (503, {"status": "unavailable"})


def test_a_wish_that_nobody_looks_up_is_stuck_email(world: World, visitor: Visitor) -> None:
    visitor.post("/register/link", {"email": "nobody@example.org"})
    fresh = visitor.get("/register/health/mail")
    world.clock.now += STUCK_AFTER
    stuck = visitor.get("/register/health/mail")

    assert (fresh.status_code, fresh.json) == (200, {"unsent": 1, "stuck": 0})
    assert (stuck.status_code, stuck.json) == (503, {"unsent": 1, "stuck": 1})


def test_a_visitor_whose_mailbox_refuses_everything_makes_no_email_stuck(
    world: World, visitor: Visitor
) -> None:
    visitor.sign_up()
    for _ in range(60):
        now = world.clock.now
        if taken := world.store.claim(now=now, lease=STUCK_AFTER):
            again = now + timedelta(minutes=5)
            world.store.settle_later(taken.message, due=again, problem="451", fault=DeliveryFault.MESSAGE)
        world.clock.now += timedelta(minutes=5)
        visitor.sign_up()  # the same person asks again and again

    assert len(world.store.pending()) > 1
    assert visitor.get("/register/health/mail").json["stuck"] == 0


def test_the_form_loads_nothing_that_only_mails_or_amazon_need() -> None:
    code = "import sys, register.web.app; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    unwanted = {"babel", "icalendar", "boto3", "botocore", "dns", "dateutil", "pelican", "plugins", "segno"}
    assert unwanted & set(loaded) == set()
    assert "register" in loaded


def test_two_applications_share_nothing(world: World, site: BuiltSite) -> None:
    other = world_of(site)
    first, second = (
        world.app(),
        other.app(limits=Limits(client=Rate(1, timedelta(days=1)), recipient=None)),
    )
    Visitor(Client(first)).sign_up()

    assert len(world.store.registrations) == 1
    assert other.store.registrations == {}
    assert Visitor(Client(second)).sign_up().status_code == 303
