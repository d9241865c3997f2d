# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the site, in every language, once: English at the root, Spanish below `/es`.

An address is what a link within the site says: it begins at the root of the host. All pages end in a slash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from schedule.model import DEFAULT_LANGUAGE, LANGUAGES, Format, Language
from schedule.staff_addresses import StaffAddresses

FUNCTION = "/register/"
"""Below this the sign-up function answers, in both languages; everything else is a file."""

SESSION_FILE = "session.ics"
"""The name that a session's calendar file has in its folder, for good."""

OWN_CALENDAR = "calendar.ics"
"""The name of a person's own calendars, below the address of what they are about."""

ANY = "any"
"""What stands in the address of a filtered feed where the filter leaves something open."""

_TAKEN = {
    # Below /register/, where a session's form goes, these are pages of the function.
    "sessions": frozenset(
        {"done", "manage", "link", "status.json", "health", "mine", "staff", "correct", "move"}
    ),
    # In a filtered feed's address it stands for all trainings.
    "trainings": frozenset({ANY}),
    # At the root, where these pages are, these are folders of the site.
    "pages": frozenset(
        {
            "calendar",
            "contacts",
            "edit",
            "es",
            "images",
            "parents",
            "register",
            "schedule",
            "theme",
            "trainings",
        }
    ),
}


_SITE_URL = re.compile(r"https?://[^/\s?#]+(/[A-Za-z0-9][A-Za-z0-9._~-]*)*")


def is_site_url(text: str) -> bool:
    """Whether a text can be the address of a whole site: a host, or a folder of it, without a slash at the end."""
    return _SITE_URL.fullmatch(text) is not None


def is_taken(section: str, slug: str) -> bool:
    """Whether `content/SECTION/SLUG.md` would stand in the place of something else."""
    return slug in _TAKEN.get(section, ())


@lru_cache(maxsize=64)  # asked for with each address
def _folder(site_url: str) -> str:
    return urlsplit(site_url).path.rstrip("/")


@dataclass(frozen=True, slots=True)
class Addresses(StaffAddresses):
    """The addresses of a site in one language.

    `site_url` is the address of the whole site. Where it has a path, as `https://example.org/msix`, the site
    stands in that folder of its host, and so does each address.
    """

    site_url: str
    language: Language = DEFAULT_LANGUAGE

    @property
    def folder(self) -> str:
        """The folder of its host that the site stands in, as `/msix`; empty at the root."""
        return _folder(self.site_url)

    @property
    def home(self) -> str:
        """The page that everything begins with."""
        return self._of("/")

    @property
    def trainings(self) -> str:
        """All trainings."""
        return self._of("/trainings/")

    def training(self, slug: str) -> str:
        """Return the address of a training."""
        return self._of(f"/trainings/{slug}/")

    @property
    def schedule(self) -> str:
        """All sessions to come."""
        return self._of("/schedule/")

    def session(self, session_id: str) -> str:
        """Return the address of a session, where people sign up."""
        return self._of(f"/schedule/{session_id}/")

    def session_calendar(self, session_id: str) -> str:
        """Return the address of a session as a calendar to add once."""
        return f"{self.session(session_id)}{SESSION_FILE}"

    @property
    def parents(self) -> str:
        """The pages for parents."""
        return self.text("parents", "index")

    @property
    def contacts(self) -> str:
        """Who to call."""
        return self._of("/contacts/")

    def contact_card(self, slug: str) -> str:
        """Return the address of somebody's vCard."""
        return self._of(f"/contacts/{slug}.vcf")

    @property
    def subscribe(self) -> str:
        """How to get the dates into a calendar."""
        return self.text("pages", "subscribe")

    @property
    def accessibility(self) -> str:
        """What the site does for everybody to be able to use it."""
        return self.text("pages", "accessibility")

    @property
    def privacy(self) -> str:
        """What is kept about people."""
        return self.text("pages", "privacy")

    def text(self, section: str, slug: str) -> str:
        """Return the address of `content/SECTION/SLUG.md`; a folder's `index` is the folder's own page."""
        folder = "/" if section == "pages" else f"/{section}/"
        return self._of(folder if slug == "index" else f"{folder}{slug}/")

    @property
    def editor(self) -> str:
        """Where staff edit the content in a browser, on a site that has an editor."""
        return self._of("/edit/")

    @property
    def not_found(self) -> str:
        """The page for addresses that lead nowhere, which hosts look for in this file."""
        return self._of("/404.html")

    @property
    def calendar(self) -> str:
        """The feed of all sessions."""
        return self._of("/calendar/all.ics")

    def training_calendar(self, slug: str) -> str:
        """Return the address of the feed of a training's sessions."""
        return self._of(f"/calendar/trainings/{slug}.ics")

    def trainer_calendar(self, slug: str) -> str:
        """Return the address of the feed of a trainer's sessions."""
        return self._of(f"/calendar/trainers/{slug}.ics")

    def language_calendar(self, held_in: Language) -> str:
        """Return the address of the feed of the sessions that are held in a language."""
        return self._of(f"/calendar/languages/{held_in}.ics")

    def filtered_calendar(self, training: str | None, held_in: Language | None, form: Format | None) -> str:
        """Return the address of the feed of a choice of the schedule's filter; None is any of them."""
        return self._of(f"/calendar/filtered/{training or ANY}/{held_in or ANY}/{form or ANY}.ics")

    @property
    def sitemap(self) -> str:
        """All pages, for search engines."""
        return f"{self.folder}/sitemap.xml"

    @property
    def robots(self) -> str:
        """What search engines may read; they look for it at the root of a host alone."""
        return f"{self.folder}/robots.txt"

    def asset(self, path: str) -> str:
        """Return the address of a static file of the theme."""
        return f"{self.folder}/{path}"

    @property
    def function(self) -> str:
        """Below this the sign-up function answers."""
        return self._of_function("")

    def sign_up(self, session_id: str) -> str:
        """Return where the form of a session goes."""
        return self._of_function(session_id)

    def sign_up_again(self, session_id: str, token: str) -> str:
        """Return the form of a session with what somebody has told before; the token says who, and of what."""
        return f"{self.sign_up(session_id)}?as={token}&lang={self.language}"

    def done(self, receipt: str) -> str:
        """Return the address of what came of a sign-up."""
        return self._of_function(f"done/{receipt}")

    def correct_done(self, receipt: str) -> str:
        """Return where the form goes that corrects a name and an email address right after a sign-up."""
        return f"{self.done(receipt)}/correct"

    def manage(self, token: str) -> str:
        """Return the address of a person's own registration."""
        return self._of_function(f"manage/{token}")

    def cancel(self, token: str) -> str:
        """Return where the form goes that cancels a registration."""
        return f"{self.manage(token)}/cancel"

    def correct(self, token: str) -> str:
        """Return where the form goes that corrects what a person told us."""
        return f"{self.manage(token)}/correct"

    def move(self, token: str) -> str:
        """Return where the form goes that moves a registration to another date of its training."""
        return f"{self.manage(token)}/move"

    def own_event(self, token: str) -> str:
        """Return the address of a person's own registration as a calendar to add once."""
        return f"{self.manage(token)}/{OWN_CALENDAR}"

    def mine(self, token: str) -> str:
        """Return the address of all registrations of one email address."""
        return self._of_function(f"mine/{token}")

    def own_feed(self, token: str) -> str:
        """Return the address of the private feed of these registrations; its token opens nothing else."""
        return f"{self.mine(token)}/{OWN_CALENDAR}"

    @property
    def lost_mail(self) -> str:
        """Where people ask for their email once more."""
        return self._of_function("link")

    @property
    def status(self) -> str:
        """How full the sessions are, for the script on the pages."""
        return self._of_function("status.json")

    @property
    def health(self) -> str:
        """Whether the function works."""
        return self._of_function("health")

    @property
    def mail_health(self) -> str:
        """Whether emails go out."""
        return f"{self.health}/mail"

    def whole(self, url: str) -> str:
        """Return a URL of this site with the host before it, as emails, calendars and other sites need it."""
        host = urlsplit(self.site_url)
        return f"{host.scheme}://{host.netloc}{url}"

    def file(self, url: str) -> str:
        """Return the path, below the built site, of the file at a URL."""
        path = url.removeprefix(f"{self.folder}/")
        return f"{path}index.html" if path.endswith("/") or not path else path

    def alternates(self, url: str) -> tuple[tuple[Language, str], ...]:
        """Return the URL of the same page in each language, the given one included."""
        path, folder = url.removeprefix(self._of("")), self.folder
        return tuple((language, f"{folder}{_of_language(language)}{path}") for language in LANGUAGES)

    def _of(self, path: str) -> str:
        return f"{self.folder}{_of_language(self.language)}{path}"

    def _of_function(self, path: str) -> str:
        return f"{self.folder}{FUNCTION}{path}"


def _of_language(language: Language) -> str:
    return "" if language is DEFAULT_LANGUAGE else f"/{language}"
