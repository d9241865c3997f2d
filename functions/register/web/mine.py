# SPDX-License-Identifier: AGPL-3.0-or-later
"""All registrations of one email address: a page, and a private feed for calendars."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Response, g

from register.domain.errors import UnknownRegistration
from register.web.language import page_language
from register.web.own import Own, calendar_response, language_of, own_events, owned
from register.web.responses import Web
from schedule.model import Language
from schedule.signup import _

if TYPE_CHECKING:
    from register.web.contexts import OwnRow

MINE = _("My registrations")


class MyRegistrations:
    """`/register/mine/<token>` and `/register/mine/<token>/calendar.ics`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def show(self, token: str) -> Response:
        """Show what an email address is signed up for, with a link to each own page."""
        from register.web.contexts import MineContext

        email_hash = self._web.tokens.read_mine(token)
        store, now = self._web.store, self._web.clock()
        # Nothing that can be read is another answer than nothing at all.
        everything = owned(store, email_hash) or owned(store, email_hash, whole=True)
        g.language = language = page_language(language_of(everything) if everything else None)
        if not everything:
            raise UnknownRegistration("all sessions")
        pages = self._web.pages
        rows = [self._row(own, language, now) for own in everything]
        context = MineContext(
            page=pages.of_one(MINE, language),
            email=everything[0].registration.person.email,
            coming=tuple(row for row in rows if not row.over),
            past=tuple(row for row in reversed(rows) if row.over),
            feed=feed_url(self._web, email_hash),
        )
        return self._web.page(context)

    def feed(self, token: str) -> Response:
        """Return the private feed; what was erased leaves the calendars of those who subscribed, too."""
        from schedule.own_calendars import own_feed

        email_hash = self._web.tokens.read_feed(token)
        # Calendars keep what they have when this fails, and would drop what is left out.
        everything = owned(self._web.store, email_hash, whole=True)
        events = own_events(self._web.store, everything, self._web.clock())
        pages, site_url, language = self._web.pages, self._web.site_url, language_of(everything)
        address = pages.addresses(language).whole(pages.addresses(language).own_feed(token))
        return calendar_response(own_feed(events, language, site_url, pages.gettext, address))

    def _row(self, own: Own, language: Language, now: datetime) -> OwnRow:
        from register.web.contexts import OwnRow

        registration = own.registration
        token = self._web.tokens.manage(
            registration.session_id, registration.registration_id, registration.link_generation
        )
        return OwnRow(
            about=self._web.pages.about(own.snapshot, language),
            url=f"{self._web.pages.addresses(language).manage(token)}?lang={language}",
            name=registration.person.name,
            state=registration.state,
            moved=registration.moved_to is not None,
            over=own.is_over(now),
        )


def feed_url(web: Web, email_hash: str) -> str:
    """Return the whole address of an email address's private feed."""
    addresses = web.pages.addresses(Language.ENGLISH)
    return addresses.whole(addresses.own_feed(web.tokens.feed(email_hash)))
