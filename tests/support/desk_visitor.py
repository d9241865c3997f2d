# SPDX-License-Identifier: AGPL-3.0-or-later
"""A trainer at the staff desk, who signs in by an email as trainers do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.support.audit import overflow
from tests.support.browser_visitors import Visit, look
from tests.support.counted import Counted
from tests.support.guide_pictures import Album
from tests.support.running_function import RunningFunction, kind_of, links

URIEL, YECENIA, OFFICE = "uriel@example.org", "yecenia@example.org", "office@example.org"

STAFF = f"""\
[[staff]]
email = "{OFFICE}"
emails = ["problems"]

[[staff]]
email = "{URIEL}"
trainer = "uriel-ramirez-torres"
emails = ["needs", "roster"]

[[staff]]
email = "{YECENIA}"
trainer = "yecenia-ocampo"
language = "es"
emails = ["needs", "roster"]
"""


@dataclass(frozen=True)
class DeskWords:
    """What is read on the way in and out."""

    sign_in: str
    email: str
    ask: str
    sent: str
    enter: str
    desk: str
    sign_out: str
    signed_out: str


WORDS = {
    "en": DeskWords(
        sign_in="Sign in to the staff desk",
        email="Your email address",
        ask="Email me the link",
        sent="Check your email",
        enter="Sign in",
        desk="Staff desk",
        sign_out="Sign out",
        signed_out="You are signed out, on all your devices.",
    ),
    "es": DeskWords(
        sign_in="Entrar a las páginas del personal",
        email="Su correo electrónico",
        ask="Enviarme el enlace",
        sent="Revise su correo",
        enter="Entrar",
        desk="Páginas del personal",
        sign_out="Salir",
        signed_out="Ya salió, en todos sus dispositivos.",
    ),
}


def list_staff(home: Path) -> None:
    """Write the list of staff, before anybody has asked for it."""
    (home / "var/staff.toml").write_text(STAFF)


class Trainer(Counted):
    """Somebody who holds sessions, and looks at each page."""

    def __init__(
        self, one: Visit, function: RunningFunction, hands: str, language: str, email: str, album: Album
    ) -> None:
        super().__init__(one, hands)
        self.function, self.language, self.email, self.album = function, language, email, album
        self.words = WORDS[language]

    def see(self, heading: str) -> None:
        """See that a page is the one expected, in the language all through, and fits."""
        look(self.one, self.language, heading)
        assert overflow(self.page) == []

    def take(self, name: str, top: str | None = None) -> None:
        """Take a picture for the guide, from an element down."""
        self.album.take(self.page, name, self.page.locator(top).first if top else None)

    def newest(self, kind: str) -> EmailMessage:
        """Return the newest email of a kind to the trainer, once all that is due has been sent."""
        self.function.deliver()
        mails = self.function.letterbox.mails(self.email)
        return [mail for mail in mails if kind_of(mail) == kind][-1]

    def link_in(self, kind: str, pattern: str) -> str:
        """Return the one address in the newest email of a kind whose path fits a pattern."""
        (link,) = {each for each in links(self.newest(kind)) if re.search(pattern, each)}
        return link

    def sign_in(self) -> None:
        """Ask for the link where the desk asks who one is, and press it in the email."""
        self.see(self.words.sign_in)
        self.write(self.words.email, self.email)
        self.follow(self.button(self.words.ask))
        self.see(self.words.sent)
        self.open(self.link_in("staff-link", "/staff/in/"))
        self.see(self.words.sign_in)
        self.follow(self.button(self.words.enter))
        self.see(self.words.desk)
