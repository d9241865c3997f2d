# SPDX-License-Identifier: AGPL-3.0-or-later
"""What all pages of the staff desk share: who asks, what they may see, and how an answer is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Response, g, request

from register.domain.errors import RegisterError, UnknownSession
from register.domain.model import Occupancy, SessionTerms
from register.domain.snapshot import Snapshot, UnreadableSnapshot, read
from register.domain.staff import Staff, StaffMember, member_of
from register.web.language import page_language
from register.web.messages import ErrorPage
from register.web.responses import Web, to
from register.web.staff.tokens import SignIn, StaffTokens
from register.web.tokens import BadToken
from schedule.addresses import Addresses
from schedule.model import LANGUAGES, Language, Session, WordedSession
from schedule.signup import _
from schedule.site import Link, Page

if TYPE_CHECKING:
    from register.web.staff.contexts import Hint
    from schedule.templates import PageContext

DESK = _("Staff desk")
NEWS = "news"
"""Says in the address of a page what has just been done, in a word that a table of the page explains."""


class NotSignedIn(RegisterError):
    """A page of the desk is asked for by nobody who is known to be staff."""

    def __init__(self) -> None:
        super().__init__("nobody has signed in; ask for the link on the first page of the staff desk")


@dataclass(frozen=True, slots=True)
class DeskSession:
    """A session that the person who asks may see."""

    occupancy: Occupancy
    snapshot: Snapshot

    @property
    def terms(self) -> SessionTerms:
        """What the schedule says of it, as far as sign-ups need it."""
        return self.occupancy.terms

    @property
    def session(self) -> Session:
        """The session itself."""
        return self.snapshot.session

    def words(self, language: Language) -> WordedSession:
        """Return its words in a language."""
        return self.snapshot.words[language]


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the desk's routes work with; `bootstrap.py` makes it."""

    web: Web
    staff: Staff
    tokens: StaffTokens
    hint: Callable[[], Hint | None] = lambda: None

    @property
    def cookie(self) -> str:
        """The name of the cookie of somebody who has signed in."""
        return f"{self.cookie_prefix}staff"

    @property
    def cookie_prefix(self) -> str:
        """What cookies' names begin with: no browser takes them over plain HTTP (RFC 6265bis, section 4.1.3).

        At the root of a host none takes them from another host either; in a folder they go to the folder alone.
        """
        if not self.is_secure:
            return ""
        return "__Host-" if self.cookie_path == "/" else "__Secure-"

    @property
    def cookie_path(self) -> str:
        """Where browsers send the cookies: in a folder of a host, other programs of that host get none."""
        return self.at.staff if self.at.folder else "/"

    @property
    def is_secure(self) -> bool:
        """Whether the site is reached over TLS."""
        return self.web.site_url.startswith("https://")

    @property
    def member(self) -> StaffMember:
        """Who asks; the guard has seen to it that it is somebody."""
        member: StaffMember | None = g.get("member")
        if member is None:
            raise NotSignedIn
        return member

    @property
    def language(self) -> Language:
        """The language of the answer."""
        language: Language | None = g.get("language")
        return language or page_language()

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return self.web.clock()

    @property
    def at(self) -> Addresses:
        """The site's addresses in the language of the answer."""
        return self.web.pages.addresses(self.language)

    def gettext(self, message: str) -> str:
        """Return a message in the language of the answer."""
        return self.web.pages.gettext(self.language)(message)

    def identified(self) -> StaffMember | None:
        """Return whom the cookie of a request names, if it is theirs, not too old, and they are still staff."""
        try:
            signed_in = self.tokens.read_sign_in(request.cookies.get(self.cookie, ""), self.now)
        except BadToken:
            return None
        member = member_of(self.staff(), signed_in.email)
        if member is None:
            return None
        account = self.web.store.staff_account(member.email_hash)
        return member if account.session_generation == signed_in.generation else None

    def signed_in(self, member: StaffMember) -> str:
        """Return the value of the cookie of somebody who has just proved who they are."""
        account = self.web.store.staff_account(member.email_hash)
        return self.tokens.sign_in(SignIn(member.email, account.session_generation), self.now)

    def session(self, session_id: str) -> DeskSession:
        """Return a session. Raises UnknownSession, also where it is not for the person who asks; UnreadableSnapshot."""
        occupancy = self.web.store.session(session_id)
        found = DeskSession(occupancy, read(occupancy.terms.snapshot_json, session_id))
        if not self.member.may_see(found.session):
            raise UnknownSession(session_id)
        return found

    def sessions(self, after: datetime) -> Iterator[DeskSession]:
        """Yield the sessions that end after an instant and are for the person who asks, by start.

        One that cannot be read costs nobody the others; `register doctor` names it.
        """
        for occupancy in self.web.store.sessions(after):
            with suppress(UnreadableSnapshot):
                found = DeskSession(
                    occupancy, read(occupancy.terms.snapshot_json, occupancy.terms.session_id)
                )
                if self.member.may_see(found.session):
                    yield found

    def page(self, title: str, url: str | None = None, *, crumbs: Sequence[Link] = ()) -> Page:
        """Return what a page knows of itself; the title is an English message, or in the page's language already.

        `url` is its own address, that of the first page where none is given; `crumbs` stand between the two.
        """
        title = self.gettext(title)
        first = Link(self.gettext(DESK), self.at.staff)
        return Page(
            url=url or self.at.staff,
            language=self.language,
            title=title,
            description=title,
            section="staff",
            alternates=tuple((other, f"?lang={other}") for other in LANGUAGES),
            crumbs=(first, *crumbs) if url else (),
            indexed=False,
        )

    def show(self, context: PageContext, *, status: int = 200, retry_after: int | None = None) -> Response:
        """Return a page."""
        return self.web.page(context, status=status, retry_after=retry_after)

    def error_page(self, error_page: ErrorPage, retry_after: int | None = None) -> Response:
        """Return a page that says what could not be done."""
        from register.web.staff.contexts import StaffMessageContext

        context = StaffMessageContext(
            page=self.page(error_page.title), member=g.get("member"), answer=error_page
        )
        return self.show(context, status=error_page.status, retry_after=retry_after)

    def news(self, words: Mapping[str, str]) -> str | None:
        """Return what the address says has just been done, in English; None for what is not in the table."""
        return words.get(request.args.get(NEWS, ""))

    def to(self, address: str, news: str = "", fragment: str = "") -> Response:
        """Lead to a page after a form, and let it say a word of what was done; all three are ours."""
        return to(address + (f"?{NEWS}={news}" if news else "") + (f"#{fragment}" if fragment else ""))
