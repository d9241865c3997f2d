# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways of a sign-up that are measured: through the store, through the application, and through plain Flask."""

from __future__ import annotations

import io
import itertools
import sqlite3
from collections import deque
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request

from benchmarks.bare import Bare
from benchmarks.people import NOW, person
from benchmarks.timing import Step
from register.bootstrap import new_registration_id
from register.domain.organizations import Organizations
from register.domain.rate_limits import Limits, Rate
from register.stores.sqlite.store import SQLiteStore
from register.web.app import create_app
from register.web.forms import SignUpForms
from register.web.pages import Pages
from register.web.responses import Web
from register.web.tokens import Tokens
from schedule.site import Site
from tests.support.constants import ROOT


def through_store(store: SQLiteStore, calls: int, session: str = "s0") -> Step:
    """Return a sign-up through the store, so often; who signs up is known beforehand, as it is to the bare one."""
    people = deque((person(), new_registration_id()) for _ in range(calls))

    def sign_up() -> None:
        one, registration_id = people.popleft()
        store.sign_up(session, one, registration_id=registration_id, now=NOW)

    return sign_up


def through_app(app: Any, origin: str, session: str = "s0") -> Step:
    """Return a form sent to a WSGI application, as a server would hand it over."""

    def post() -> None:
        one = person()
        said = {"name": one.name, "email": one.email, "organization": "Yolo COE", "role": "recruiter"}
        body = urlencode(
            {**said, "language": "es", "needs": "", "consent": "yes", "page_language": "es"}
        ).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/register/{session}",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "HTTP_HOST": "localhost",
            "HTTP_ORIGIN": origin,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        said_status: list[str] = []
        b"".join(app(environ, lambda status, _: said_status.append(status)))
        assert said_status[0].startswith("30"), said_status

    return post


def plain_flask(bare: Bare, connection: sqlite3.Connection) -> Flask:
    """Return the least that Flask can do around the same transaction: no checks, no limits, no tokens."""
    app = Flask("plain")

    @app.post("/register/<session>")
    def sign_up(session: str) -> Any:
        request.form.get("name")
        bare.write(connection)
        return redirect(f"/done/{session}", 303)

    return app


def our_app(store: SQLiteStore, site: Site) -> Any:
    """Return the application as it runs: a minute passes with each call, and limits count but are never reached."""
    often, minutes = Rate(10_000, timedelta(hours=1)), itertools.count()
    return create_app(
        Web(
            store=store,
            pages=Pages(ROOT / "theme", site),
            forms=SignUpForms(Organizations(site.organizations)),
            tokens=Tokens(("s" * 32,)),
            limits=Limits(client=often, recipient=often),
            clock=lambda: NOW + timedelta(minutes=next(minutes)),
            new_registration_id=new_registration_id,
            wake=lambda: None,
            site_url="http://localhost",
            hash_key=b"s" * 32,
        )
    ).wsgi_app
