# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Flask application that visitors reach: its routes, and what it tells machines."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, Response

from register.domain.rules import state_of
from register.stores.deliveries import stuck
from register.stores.errors import StoreError
from register.web.guarded_app import guarded_app
from register.web.responses import Web, as_json, log_failure
from register.web.sign_up import SigningUp
from schedule.model import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from register.web.done import AfterSignUp
    from register.web.lost_mail import LostMail
    from register.web.manage import OwnRegistration
    from register.web.mine import MyRegistrations


def create_app(web: Web) -> Flask:
    """Return the application (PEP 3333) that answers below `/register/`, but for the staff desk."""
    signing_up = SigningUp(web)
    at = web.pages.addresses(DEFAULT_LANGUAGE)

    # Nearly every sign-up meets a cold start: what answers later requests is loaded with the first of them.
    @cache
    def after() -> AfterSignUp:
        from register.web.done import AfterSignUp

        return AfterSignUp(web)

    @cache
    def own() -> OwnRegistration:
        from register.web.manage import OwnRegistration

        return OwnRegistration(web)

    @cache
    def mine() -> MyRegistrations:
        from register.web.mine import MyRegistrations

        return MyRegistrations(web)

    @cache
    def lost_mail() -> LostMail:
        from register.web.lost_mail import LostMail

        return LostMail(web)

    routes = (
        ("POST", at.sign_up("<session_id>"), signing_up.sign_up),
        ("GET", at.sign_up("<session_id>"), signing_up.form),
        ("GET", at.done("<token>"), lambda token: after().show(token)),
        ("POST", at.correct_done("<token>"), lambda token: after().correct(token)),
        ("GET", at.correct_done("<token>"), lambda token: after().come_back(token)),
        ("GET", at.manage("<token>"), lambda token: own().show(token)),
        ("POST", at.cancel("<token>"), lambda token: own().cancel(token)),
        ("GET", at.cancel("<token>"), lambda token: own().come_back(token)),
        ("POST", at.correct("<token>"), lambda token: own().correct(token)),
        ("GET", at.correct("<token>"), lambda token: own().come_back(token)),
        ("POST", at.move("<token>"), lambda token: own().move(token)),
        ("GET", at.move("<token>"), lambda token: own().come_back(token)),
        ("GET", at.own_event("<token>"), lambda token: own().event(token)),
        ("GET", at.mine("<token>"), lambda token: mine().show(token)),
        ("GET", at.own_feed("<token>"), lambda token: mine().feed(token)),
        ("GET", at.lost_mail, lambda: lost_mail().show()),
        ("POST", at.lost_mail, lambda: lost_mail().send()),
        ("GET", at.status, lambda: _status(web)),
        ("GET", at.health, lambda: _health(web)),
        ("GET", at.mail_health, lambda: _mail_health(web)),
    )
    return guarded_app(web, routes, web.error_page)


def _status(web: Web) -> Response:
    """Say how full the sessions are that are still to come."""
    now = web.clock()
    sessions = {
        occupancy.terms.session_id: {
            "state": state_of(occupancy.terms, now, occupancy.seats_left),
            "seats_left": occupancy.seats_left,
            "waiting": occupancy.waiting,
        }
        for occupancy in web.store.sessions(after=now)
    }
    response = as_json({"sessions": sessions})
    response.headers["Cache-Control"] = "public, max-age=30"
    return response


def _health(web: Web) -> Response:
    """Say whether the store answers."""
    try:
        return as_json({"status": "ok", "store": web.store.health()})
    except StoreError as error:
        log_failure(error)
        return as_json({"status": "unavailable"}, 503)


def _mail_health(web: Web) -> Response:
    """Say whether emails go out, in numbers only."""
    now = web.clock()
    try:
        pending, wishes = web.store.pending(), web.store.wishes(now=now)
    except StoreError as error:
        log_failure(error)
        return as_json({"status": "unavailable"}, 503)
    late = len(stuck(pending, wishes, now))
    return as_json({"unsent": len(pending) + len(wishes), "stuck": late}, 503 if late else 200)
