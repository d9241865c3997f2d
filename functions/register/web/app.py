# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Flask application: routes, what goes before and after each of them, and errors as pages."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from register.domain.errors import LimitReached, RegisterError, SessionCancelled
from register.domain.model import Occupancy
from register.domain.rate_limits import Rate
from register.domain.rules import refusal
from register.stores import StoreError
from register.web.error_pages import BY_STATUS, FAILED, UNREADABLE, error_page_for
from register.web.lost_mail import LostMail
from register.web.manage import OwnRegistration
from register.web.responses import Context, Wiring, as_json, log_failure
from register.web.security import (
    HEADERS,
    ForeignForm,
    came_through_front,
    client_key,
    is_from_this_site,
    origin_of,
)
from register.web.sign_up import RETRY_AFTER, SigningUp
from schedule.signup import BODY_LIMIT

__all__ = ["Rate", "Wiring", "create_app"]

_log = logging.getLogger("register")


class _App(Flask):
    """Flask, but for the log: Flask's own would show addresses (with tokens) and messages (with people in them)."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function as it is: none here is a coroutine, and to ask that of each one takes its time."""
        return func

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        kind, _, trace = exc_info
        where = "".join(traceback.format_tb(trace))
        _log.error("id=%s %s\n%s", g.get("request_id"), getattr(kind, "__name__", kind), where)


def create_app(wiring: Wiring) -> Flask:
    """Return the application (PEP 3333) that answers below `/register/`."""
    app = _App("register", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    context = Context(wiring)
    _add_routes(app, context)
    _add_guards(app, wiring)
    _add_errors(app, context)
    if wiring.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=wiring.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


def _add_routes(app: Flask, context: Context) -> None:
    signing_up, own, lost_mail = SigningUp(context), OwnRegistration(context), LostMail(context)
    for method, path, view in (
        ("POST", "/register/<session_id>", signing_up.sign_up),
        ("GET", "/register/<session_id>", signing_up.form),
        ("GET", "/register/done/<token>", signing_up.done),
        ("GET", "/register/manage/<token>", own.show),
        ("POST", "/register/manage/<token>/cancel", own.cancel),
        ("GET", "/register/manage/<token>/cancel", own.come_back),
        ("GET", "/register/link", lost_mail.show),
        ("POST", "/register/link", lost_mail.send),
        ("GET", "/register/status.json", lambda: _status(context)),
        ("GET", "/register/health", lambda: _health(context)),
    ):
        app.add_url_rule(path, f"{method} {path}", view, methods=[method])


def _add_guards(app: Flask, wiring: Wiring) -> None:
    origin = origin_of(wiring.site_url)
    key = wiring.secrets[0].encode()

    def before() -> Response | None:
        g.request_id = os.urandom(8).hex()
        g.client = client_key(key, request.remote_addr or "")
        headers = request.headers
        if not came_through_front(headers, wiring.origin_secrets):
            return Response("Not found\n", 404, mimetype="text/plain")
        if request.method == "POST" and not is_from_this_site(headers, origin):
            raise ForeignForm
        return None

    def after(response: Response) -> Response:
        headers = response.headers
        headers.extend(HEADERS)
        headers.setdefault("Cache-Control", "no-store")
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


def _add_errors(app: Flask, context: Context) -> None:
    def ours(error: RegisterError) -> Response:
        retry_after = None
        if isinstance(error, StoreError):
            log_failure(error)
            retry_after = RETRY_AFTER
        elif isinstance(error, LimitReached):
            retry_after = int(error.window.total_seconds())
        return context.message(error_page_for(error), retry_after)

    def of_http(error: HTTPException) -> Response:
        status = error.code or 500
        answer = FAILED if status >= 500 else BY_STATUS.get(status, UNREADABLE)
        response = context.message(answer)
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    app.register_error_handler(RegisterError, ours)
    app.register_error_handler(HTTPException, of_http)


def _status(context: Context) -> Response:
    """Say how full the sessions are that are still to come."""
    now = context.wiring.now()
    sessions = {
        one.terms.session_id: {
            "state": _state(one, now),
            "seats_left": one.seats_left,
            "waiting": one.waiting,
        }
        for one in context.store.sessions(after=now)
    }
    response = as_json({"sessions": sessions})
    response.headers["Cache-Control"] = "public, max-age=30"
    return response


def _state(occupancy: Occupancy, now: datetime) -> str:
    refused = refusal(occupancy.terms, now)
    if isinstance(refused, SessionCancelled):
        return "cancelled"
    if refused is not None:
        return "closed"
    return "open" if occupancy.seats_left else "full"


def _health(context: Context) -> Response:
    """Say whether the store answers."""
    try:
        return as_json({"status": "ok", "store": context.store.health()})
    except StoreError as error:
        log_failure(error)
        return as_json({"status": "unavailable"}, 503)
