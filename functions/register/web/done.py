# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page after a sign-up."""

from __future__ import annotations

from flask import Response, g

from register.domain.model import State
from register.domain.notifications import REMINDER_BEFORE
from register.domain.snapshot import read
from register.web.again import ways_on
from register.web.language import page_language
from register.web.responses import Web
from schedule.signup import _

CONFIRMED = _("You are signed up")
WAITING = _("You are on the waiting list")


class AfterSignUp:
    """`/register/done/<receipt>`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def show(self, token: str) -> Response:
        """Say what came of a sign-up."""
        from register.web.contexts import DoneContext

        now = self._web.clock()
        receipt = self._web.tokens.read_receipt(token, now)
        g.language = language = page_language(receipt.language)
        occupancy = self._web.store.session(receipt.session_id)
        terms = occupancy.terms
        snapshot = read(terms.snapshot_json, terms.session_id)
        confirmed = receipt.state is State.CONFIRMED
        pages = self._web.pages
        return self._web.page(
            DoneContext(
                page=pages.of_one(CONFIRMED if confirmed else WAITING, language, snapshot),
                about=pages.about(snapshot, language),
                confirmed=confirmed,
                place=receipt.place,
                repeated=receipt.repeated,
                has_link=terms.join_url is not None,
                reminder_follows=now < terms.starts - REMINDER_BEFORE,
                again=ways_on(self._web, occupancy, snapshot, token, language, now),
            )
        )
