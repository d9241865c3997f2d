# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all routes share: what they work with, and how an answer is made."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Response, g

from register.domain.rate_limits import Limits
from register.domain.snapshot import Snapshot
from register.stores import Store
from register.stores.errors import StoreError
from register.web.forms import SignUpForms
from register.web.language import page_language
from register.web.messages import ErrorPage
from register.web.pages import Pages
from register.web.tokens import Tokens
from schedule.model import Language

if TYPE_CHECKING:
    from schedule.templates import PageContext

_log = logging.getLogger("register")

RETRY_AFTER = 60
"""Seconds after which to try again when the store does not answer."""


@dataclass(frozen=True, slots=True)
class Web:
    """All that the routes work with; `bootstrap.py` makes it."""

    store: Store
    pages: Pages
    tokens: Tokens
    limits: Limits
    clock: Callable[[], datetime]
    """Tells the time, in UTC."""
    new_registration_id: Callable[[], str]
    wake: Callable[[], None]
    """Tells whoever delivers email that there is something to send."""
    forms: SignUpForms
    site_url: str
    """The public address, without a slash at its end."""
    hash_key: bytes = field(repr=False)
    """Keys what stands for a client's network address in limits and logs."""
    origin_secrets: tuple[str, ...] = field(default=(), repr=False)
    """What the front puts into `X-Origin-Verify`; none for no such check."""
    proxies: int = 0
    """How many trusted proxies stand in front."""

    def page(self, context: PageContext, *, status: int = 200, retry_after: int | None = None) -> Response:
        """Return a page."""
        response = Response(self.pages.render(context), status, mimetype="text/html")
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        return response

    def error_page(self, error_page: ErrorPage, retry_after: int | None = None) -> Response:
        """Return a page that says what happened, in the language that is known by now."""
        language: Language = g.get("language") or page_language()
        snapshot: Snapshot | None = g.get("snapshot")
        from register.web.contexts import MessageContext

        context = MessageContext(
            page=self.pages.of_one(error_page.title, language, snapshot, error_page.lead),
            about=None if snapshot is None else self.pages.about(snapshot, language),
            answer=error_page,
        )
        return self.page(context, status=error_page.status, retry_after=retry_after)


def log_failure(error: StoreError) -> None:
    """Log why the store could not do its work. The message names files, tables and reasons, never people."""
    _log.warning("id=%s %s: %s", g.request_id, type(error).__name__, error)


def to(path: str) -> Response:
    """Lead the browser to a path, with GET."""
    return Response(status=303, headers={"Location": path})


def as_json(data: Mapping[str, Any], status: int = 200) -> Response:
    """Return an answer for machines."""
    return Response(json.dumps(data, separators=(",", ":")) + "\n", status, mimetype="application/json")
