# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Flask application: routes, what goes before and after each of them, and errors as pages."""

from __future__ import annotations

import logging
import os
import traceback
from types import TracebackType

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from register.domain.errors import LimitReached, RegisterError
from register.domain.rules import state_of
from register.stores.deliveries import stuck
from register.stores.errors import StoreError
from register.web.done import AfterSignUp
from register.web.error_pages import BY_STATUS, FAILED, UNREADABLE, error_page_for
from register.web.lost_mail import LostMail
from register.web.manage import OwnRegistration
from register.web.mine import MyRegistrations
from register.web.responses import RETRY_AFTER, Web, as_json, log_failure
from register.web.security import (
    HEADERS,
    ForeignForm,
    came_through_front,
    client_key,
    is_from_this_site,
    origin_of,
    possible_id,
)
from register.web.sign_up import SigningUp
from schedule.model import DEFAULT_LANGUAGE
from schedule.signup import BODY_LIMIT

_log = logging.getLogger("register")


class _App(Flask):
    """Flask, but for the log: Flask's own would show paths (with tokens) and messages (with people in them)."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        kind, _, trace = exc_info
        where = "".join(traceback.format_tb(trace))
        _log.error("id=%s %s\n%s", g.get("request_id"), getattr(kind, "__name__", kind), where)


def create_app(web: Web) -> Flask:
    """Return the application (PEP 3333) that answers below `/register/`."""
    app = _App("register", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    # Flask would lead from // to / at whatever host the visitor names.
    app.url_map.merge_slashes = False
    _add_routes(app, web)
    _add_guards(app, web)
    _add_errors(app, web)
    if web.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=web.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


def _add_routes(app: Flask, web: Web) -> None:
    signing_up, after, lost_mail = SigningUp(web), AfterSignUp(web), LostMail(web)
    own, mine = OwnRegistration(web), MyRegistrations(web)
    at = web.pages.addresses(DEFAULT_LANGUAGE)
    for method, path, view in (
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
    ):
        app.add_url_rule(path, f"{method} {path}", view, methods=[method])


def _add_guards(app: Flask, web: Web) -> None:
    origin = origin_of(web.site_url)

    def before() -> Response | None:
        g.request_id = os.urandom(8).hex()
        g.client = client_key(web.hash_key, request.remote_addr or "")
        if not came_through_front(request.headers, web.origin_secrets):
            return Response("Not found\n", 404, mimetype="text/plain")
        possible_id((request.view_args or {}).get("session_id", ""))
        if request.method == "POST" and not is_from_this_site(request.headers, origin):
            raise ForeignForm
        return None

    def after(response: Response) -> Response:
        response.headers.extend(HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")
        rule = request.url_rule
        _log.info(
            "%s %s %d id=%s client=%s",
            request.method,
            rule.rule if rule else "-",
            response.status_code,
            g.request_id,
            g.client,
        )
        return response

    app.before_request(before)
    app.after_request(after)


def _add_errors(app: Flask, web: Web) -> None:
    def ours(error: RegisterError) -> Response:
        retry_after = None
        if isinstance(error, StoreError):
            log_failure(error)
            retry_after = RETRY_AFTER
        elif isinstance(error, LimitReached):
            retry_after = int(error.window.total_seconds())
        return web.error_page(error_page_for(error), retry_after)

    def of_http(error: HTTPException) -> Response:
        status = error.code or 500
        response = web.error_page(FAILED if status >= 500 else BY_STATUS.get(status, UNREADABLE))
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    app.register_error_handler(RegisterError, ours)
    app.register_error_handler(HTTPException, of_http)


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
