# SPDX-License-Identifier: AGPL-3.0-or-later
"""The staff desk on the real schedule, and people who are signed in to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.test import Client

from register.domain.staff import StaffEmail, StaffMember
from register.web.app import create_app
from register.web.staff.app import create_desk
from register.web.staff.desk import Desk
from register.web.staff.tokens import SignIn, SignInLink, StaffTokens
from register.web.with_desk import with_desk
from schedule.model import Language
from tests.support.visitors import SECRETS, Visitor, World

OFFICE = StaffMember("office@example.org", emails=frozenset(StaffEmail))
TRAINER = StaffMember("uriel@example.org", "uriel-ramirez-torres")
OTHER = StaffMember("yecenia@example.org", "yecenia-ocampo", Language.SPANISH)
"""Another trainer, who reads Spanish."""

TRAINERS_SESSION = "2026-12-03-overview"
OTHERS_SESSION = "2026-12-02-user-administrator"

TOKENS = StaffTokens(SECRETS)


@dataclass
class StaffWorld:
    """Everything of the function, and who is staff; a test may change the list."""

    world: World
    members: list[StaffMember] = field(default_factory=lambda: [OFFICE, TRAINER, OTHER])

    def desk(self, **changes: Any) -> Desk:
        """Return what the desk works with; changes are those of its `Web`, or of itself."""
        own = {name: changes.pop(name) for name in ("staff", "hint") if name in changes}
        return replace(Desk(self.world.web(**changes), lambda: tuple(self.members), TOKENS), **own)

    def visitor(self, *, use_cookies: bool = True, **changes: Any) -> Visitor:
        """Return somebody with a browser, who has not signed in."""
        desk = self.desk(**changes)
        app = with_desk(create_app(desk.web), "/register/staff/", lambda: create_desk(desk))
        return Visitor(Client(app, use_cookies=use_cookies))

    def signed_in(self, member: StaffMember = OFFICE, **changes: Any) -> Visitor:
        """Return somebody who has signed in."""
        visitor = self.visitor(**changes)
        keep(visitor, self.cookie(member))
        return visitor

    def cookie(self, member: StaffMember = OFFICE, generation: int | None = None) -> str:
        """Return the value of the cookie of somebody who signs in now."""
        known = self.world.store.staff_account(member.email_hash).session_generation
        return TOKENS.sign_in(
            SignIn(member.email, known if generation is None else generation), self.world.clock.now
        )

    def link(self, member: StaffMember = OFFICE, nonce: str = "nonce") -> str:
        """Return the path that an email with a link to sign in leads to."""
        token = TOKENS.link(SignInLink(member.email_hash, nonce), self.world.clock.now)
        return f"/register/staff/in/{token}"


def keep(visitor: Visitor, cookie: str, name: str = "__Host-staff") -> None:
    """Give a browser a cookie, as if the site had set it."""
    visitor.client.set_cookie(name, cookie, domain="localhost", secure=True)


def kept(visitor: Visitor, name: str = "__Host-staff") -> str | None:
    """Return the value of a cookie that a browser has."""
    cookie = visitor.client.get_cookie(name, domain="localhost")
    return cookie and cookie.value
