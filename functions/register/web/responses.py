# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all routes share: what is handed in from outside, the page's language, and how an answer is made."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, g

from register.domain.rate_limits import Limits, Rate
from register.domain.snapshot import Snapshot
from register.stores import Store, StoreError
from register.web.error_pages import ErrorPage
from register.web.forms import SignUpForms
from register.web.language import page_language
from register.web.pages import Page, Pages, address
from register.web.tokens import Tokens
from schedule.model import Language

_log = logging.getLogger("register")


def _no_wake() -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """All that the web side needs from outside; config.py makes it."""

    store: Store
    site: Mapping[str, Any]
    """What `build/site.json` says."""
    theme: Path
    site_url: str
    """The public address, without a slash at its end."""
    secrets: tuple[str, ...]
    """They sign links; newest first."""
    now: Callable[[], datetime]
    """The clock, in UTC."""
    new_registration_id: Callable[[], str]
    """Makes a random id for a registration."""
    client_limit: Rate | None = None
    recipient_limit: Rate | None = None
    proxies: int = 0
    """How many trusted proxies stand in front."""
    origin_secrets: tuple[str, ...] = ()
    """What the front puts into `X-Origin-Verify`; none for no such check."""
    wake: Callable[[], None] = _no_wake
    """Tells the outbox that there is something to send."""


class Context:
    """Made once for an application from its wiring."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.store = wiring.store
        self.pages = Pages(wiring.theme, wiring.site)
        self.tokens = Tokens(wiring.secrets)
        self.forms = SignUpForms()
        self.limits = Limits(wiring.client_limit, wiring.recipient_limit)

    def page(
        self,
        template: str,
        page: Page,
        details: Snapshot | None = None,
        *,
        status: int = 200,
        retry_after: int | None = None,
        **content: object,
    ) -> Response:
        """ErrorPage with a page; one about a session also gets what templates need to name it."""
        if details is not None:
            content |= {
                "session": details.session,
                "said": details.words[page.language],
                "session_url": details.paths[page.language],
                "training_url": address(f"/trainings/{details.session.training.slug}/", page.language),
            }
        response = Response(self.pages.render(template, page, **content), status, mimetype="text/html")
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        return response

    def message(self, answer: ErrorPage, retry_after: int | None = None) -> Response:
        """ErrorPage with a page that says what has happened, in the language that is known by now."""
        language: Language = g.get("language") or page_language()
        details: Snapshot | None = g.get("details")
        return self.page(
            "signup_message.html",
            self.pages.of_one(answer.title, language, details, answer.lead),
            details,
            answer=answer,
            status=answer.status,
            retry_after=retry_after,
        )


def log_failure(error: StoreError) -> None:
    """Log why the store could not do its work. What it says names files, tables and reasons, never people."""
    _log.warning("id=%s %s: %s", g.request_id, type(error).__name__, error)


def to(address: str) -> Response:
    """Lead the browser to an address, with GET."""
    return Response(status=303, headers={"Location": address})


def as_json(data: Mapping[str, Any], status: int = 200) -> Response:
    """ErrorPage a machine."""
    return Response(json.dumps(data, separators=(",", ":")) + "\n", status, mimetype="application/json")
