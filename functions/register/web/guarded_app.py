# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the function's two applications share: what goes before and after each route, and errors as pages."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Protocol

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from register.domain.errors import LimitReached, RegisterError
from register.stores.errors import StoreError
from register.web.error_pages import BY_STATUS, FAILED, UNREADABLE, error_page_for
from register.web.messages import ErrorPage
from register.web.responses import RETRY_AFTER, Web, log_failure
from register.web.security import (
    HEADERS,
    ForeignForm,
    came_through_front,
    client_key,
    is_from_this_site,
    origin_of,
    possible_id,
)
from schedule.signup import BODY_LIMIT

_log = logging.getLogger("register")

Route = tuple[str, str, Callable[..., Response]]
"""A method, a path and what answers."""


class Explain(Protocol):
    """Returns a page that says what could not be done."""

    def __call__(self, error_page: ErrorPage, retry_after: int | None = None) -> Response:
        """`retry_after` in seconds."""


class _App(Flask):
    """Flask, but for the log: Flask's own would show paths (with tokens) and messages (with people in them)."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        kind, _, trace = exc_info
        where = "".join(traceback.format_tb(trace))
        _log.error("id=%s %s\n%s", g.get("request_id"), getattr(kind, "__name__", kind), where)


def guarded_app(web: Web, routes: Iterable[Route], explain: Explain, *, strict_slashes: bool = True) -> Flask:
    """Return an application (PEP 3333) of some routes, whose errors are pages.

    Without `strict_slashes` a path is the same with a slash at its end and without.
    """
    app = _App("register", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    # Flask would lead from // to / at whatever host the visitor names.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = strict_slashes
    for method, path, view in routes:
        app.add_url_rule(path, f"{method} {path}", view, methods=[method])
    _add_guards(app, web)
    _add_errors(app, explain)
    if web.proxies:
        # As Werkzeug documents it; type checkers take it for a method.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=web.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


def _add_guards(app: Flask, web: Web) -> None:
    origin = origin_of(web.site_url)

    def before() -> Response | None:
        g.request_id = os.urandom(8).hex()
        g.client = client_key(web.hash_key, request.remote_addr or "")
        if not came_through_front(request.headers, web.origin_secrets):
            return Response("Not found\n", 404, mimetype="text/plain")
        for name in ("session_id", "registration_id"):
            possible_id((request.view_args or {}).get(name, ""))
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


def _add_errors(app: Flask, explain: Explain) -> None:
    def ours(error: RegisterError) -> Response:
        retry_after = None
        if isinstance(error, StoreError):
            log_failure(error)
            retry_after = RETRY_AFTER
        elif isinstance(error, LimitReached):
            retry_after = int(error.window.total_seconds())
        return explain(error_page_for(error), retry_after)

    def of_http(error: HTTPException) -> Response:
        status = error.code or 500
        response = explain(FAILED if status >= 500 else BY_STATUS.get(status, UNREADABLE))
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    app.register_error_handler(RegisterError, ours)
    app.register_error_handler(HTTPException, of_http)
