# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Flask application that visitors reach: its routes, and what it tells machines."""

from __future__ import annotations

from flask import Flask, Response

from register.domain.rules import state_of
from register.stores.deliveries import stuck
from register.stores.errors import StoreError
from register.web.done import AfterSignUp
from register.web.guarded_app import guarded_app
from register.web.lost_mail import LostMail
from register.web.manage import OwnRegistration
from register.web.mine import MyRegistrations
from register.web.responses import Web, as_json, log_failure
from register.web.sign_up import SigningUp
from schedule.model import DEFAULT_LANGUAGE


def create_app(web: Web) -> Flask:
    """Return the application (PEP 3333) that answers below `/register/`, but for the staff desk."""
    signing_up, after, lost_mail = SigningUp(web), AfterSignUp(web), LostMail(web)
    own, mine = OwnRegistration(web), MyRegistrations(web)
    at = web.pages.addresses(DEFAULT_LANGUAGE)
    routes = (
        ("POST", at.sign_up("<session_id>"), signing_up.sign_up),
        ("GET", at.sign_up("<session_id>"), signing_up.form),
        ("GET", at.done("<token>"), after.show),
        ("POST", at.correct_done("<token>"), after.correct),
        ("GET", at.correct_done("<token>"), after.come_back),
        ("GET", at.manage("<token>"), own.show),
        ("POST", at.cancel("<token>"), own.cancel),
        ("GET", at.cancel("<token>"), own.come_back),
        ("POST", at.correct("<token>"), own.correct),
        ("GET", at.correct("<token>"), own.come_back),
        ("POST", at.move("<token>"), own.move),
        ("GET", at.move("<token>"), own.come_back),
        ("GET", at.own_event("<token>"), own.event),
        ("GET", at.mine("<token>"), mine.show),
        ("GET", at.own_feed("<token>"), mine.feed),
        ("GET", at.lost_mail, lost_mail.show),
        ("POST", at.lost_mail, lost_mail.send),
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
