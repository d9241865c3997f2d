# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do for themselves, on a phone, as somebody who has never been here: what each task costs is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.audit import NARROW, overflow, violations
from tests.support.browser_visitors import Visit, look, visit
from tests.support.built_site import BuiltSite
from tests.support.calendars import strict_instants
from tests.support.counted import Counted
from tests.support.page_words import WORDS, Words
from tests.support.running_function import ONLINE, RunningFunction, kind_of, links, personal_link, running
from tests.support.windows import Windows

OTHER = "2027-01-14-overview"
MISTYPED, ADDRESS = "ana@gmial.com", "ana@gmail.com"

COSTS = {
    "sign up, with an address that is asked about": (3, 4),
    "correct name and address after the sign-up": (2, 2),
    "correct a name from the email": (3, 1),
    "move to another date from the email": (3, 0),
    "get the link again from a session's page": (2, 1),
    "see all registrations from the email": (1, 0),
    "subscribe to them from the email": (2, 0),
    "cancel from the email": (2, 0),
}
"""Clicks and filled fields; as docs/decisions/0027-ones-own-page.md says."""


@dataclass(frozen=True)
class Own:
    """What is read on the way."""

    did_you_mean: str
    wrote_to: str
    corrected: str
    saved: str
    moved: str
    day: str
    lost: str
    again: str
    sent: str
    mine: str
    subscribe: str
    save: str


OWN = {
    "en": Own(
        did_you_mean=f"Did you mean {ADDRESS}? If the address you typed is right, send the form again.",
        wrote_to=f"We wrote to {MISTYPED}.",
        corrected=f"Thank you, that’s corrected. We wrote to {ADDRESS}.",
        saved="Your details are corrected. We’ve emailed you what we have now.",
        moved="You moved to this date. We’ve emailed you the details.",
        day="Thursday, January 14",
        lost="Already signed up? Get your link",
        again="Send it again",
        sent="Check your email",
        mine="My registrations",
        subscribe="iPhone, Mac or other calendar app",
        save="Save",
    ),
    "es": Own(
        did_you_mean=f"¿Quiso escribir {ADDRESS}? Si la dirección que escribió es correcta, envíe el formulario otra "
        "vez.",
        wrote_to=f"Le escribimos a {MISTYPED}.",
        corrected=f"Gracias, ya está corregido. Le escribimos a {ADDRESS}.",
        saved="Sus datos quedaron corregidos. Le enviamos por correo electrónico lo que tenemos ahora.",
        moved="Usted cambió su inscripción a esta fecha. Le enviamos los datos por correo electrónico.",
        day="jueves, 14 de enero",
        lost="¿Ya se inscribió? Reciba su enlace",
        again="Enviarlo otra vez",
        sent="Revise su correo",
        mine="Mis inscripciones",
        subscribe="iPhone, Mac u otra aplicación de calendario",
        save="Guardar",
    ),
}


class Newcomer(Counted):
    """Somebody with a phone, who looks at each page."""

    def __init__(self, one: Visit, hands: str, language: str, *, audited: bool) -> None:
        super().__init__(one, hands)
        self.language, self.audited = language, audited
        self.words: Words = WORDS[language]
        self.own = OWN[language]

    def see(self, heading: str) -> None:
        """See that a page is the one expected, in the language all through, fits, and is for everybody.

        What axe asks by timers never ends where scripts are off.
        """
        look(self.one, self.language, heading)
        assert overflow(self.page) == []
        assert not self.audited or violations(self.page) == []


def newest(function: RunningFunction, kind: str, address: str = ADDRESS) -> EmailMessage:
    """Return the newest email of a kind, once all that is due has been sent."""
    function.deliver()
    return [mail for mail in function.letterbox.mails(address) if kind_of(mail) == kind][-1]


def sign_up_with_typos(ana: Newcomer) -> None:
    """The near miss is asked about once, and taken when the form is sent as it is."""
    words = ana.words
    ana.one.go(f"{words.prefix}/schedule/{ONLINE}/")
    with ana.task("sign up, with an address that is asked about"):
        ana.write(words.name, "Ana Nuñes")
        ana.write(words.email, MISTYPED)
        ana.write(words.organization, "Yolo COE")
        ana.choose(words.role, words.recruiter)
        ana.tick(ana.page.get_by_label(words.consent))
        ana.follow(ana.button(words.sign_up))
        expect(ana.page.get_by_role("alert").get_by_role("link")).to_have_text(ana.own.did_you_mean)
        ana.see(ana.one.heading())
        ana.follow(ana.button(words.sign_up))
    expect(ana.page.get_by_text(ana.own.wrote_to)).to_be_visible()
    ana.see(words.signed_up)


def correct_after_the_sign_up(ana: Newcomer) -> None:
    words = ana.words
    with ana.task("correct name and address after the sign-up"):
        ana.unfold({"en": "Not right? Correct it", "es": "¿Hay un error? Corríjalo"}[ana.language])
        ana.write(words.name, "Ana Nuñez")
        ana.write(words.email, ADDRESS)
        ana.follow(ana.button(ana.own.save))
    expect(ana.page.get_by_text(ana.own.corrected)).to_be_visible()
    ana.see(words.signed_up)


def correct_by_the_email(ana: Newcomer, mail: EmailMessage) -> None:
    with ana.task("correct a name from the email"):
        ana.open(personal_link(mail))
        ana.see(ana.words.own)
        ana.unfold({"en": "Correct my details", "es": "Corregir mis datos"}[ana.language])
        ana.write(ana.words.name, "Ana Núñez")
        ana.follow(ana.button(ana.own.save))
    expect(ana.page.get_by_role("status")).to_have_text(ana.own.saved)


def move_by_the_email(ana: Newcomer, mail: EmailMessage) -> None:
    with ana.task("move to another date from the email"):
        ana.open(personal_link(mail))
        ana.unfold({"en": "Move to another date", "es": "Cambiar a otra fecha"}[ana.language])
        ana.follow(ana.page.get_by_role("button", name=ana.own.day))
    expect(ana.page.get_by_role("status")).to_have_text(ana.own.moved)
    ana.see(ana.words.own)


def find_the_page_again(ana: Newcomer) -> None:
    ana.one.go(f"{ana.words.prefix}/schedule/{ONLINE}/")
    with ana.task("get the link again from a session's page"):
        ana.follow(ana.page.get_by_role("main").get_by_role("link", name=ana.own.lost))
        ana.see(ana.one.heading())
        ana.write(ana.words.email, ADDRESS)
        ana.follow(ana.button(ana.own.again))
    ana.see(ana.own.sent)


def subscribe_by_the_email(ana: Newcomer, mail: EmailMessage) -> bytes:
    """Return the calendar at the address that one subscribes to."""
    (mine,) = (link for link in links(mail) if "/register/mine/" in link and not link.endswith(".ics"))
    with ana.task("subscribe to them from the email"):
        with ana.task("see all registrations from the email"):
            ana.open(mine)
            ana.see(ana.own.mine)
        feed = ana.page.get_by_role("link", name=ana.own.subscribe)
        ana.clicks += 1  # which opens a calendar program
    address = (feed.get_attribute("href") or "").replace("webcal://", "http://")
    # The address is the site's public one, whatever this function listens to.
    answer = ana.page.request.get(f"{ana.one.window.address}/register/{address.partition('/register/')[2]}")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return answer.body()


@pytest.mark.parametrize(
    ("language", "script", "hands"),
    [
        ("en", True, "mouse"),
        ("es", True, "keyboard"),
        ("es", False, "mouse"),
    ],
    ids=lambda one: {True: "JavaScript", False: "no JavaScript"}.get(one, one),
)
def test_a_newcomer_mends_moves_finds_and_cancels_alone(
    windows: Windows, site: BuiltSite, tmp_path: Path, language: str, script: bool, hands: str
) -> None:
    with (
        running(site, tmp_path) as function,
        visit(windows, function, NARROW, java_script_enabled=script) as one,
    ):
        ana = Newcomer(one, hands, language, audited=script)
        sign_up_with_typos(ana)
        correct_after_the_sign_up(ana)
        correct_by_the_email(ana, newest(function, "correction"))
        move_by_the_email(ana, newest(function, "correction"))
        function.now += timedelta(hours=2)  # the same email is sent once an hour at most
        find_the_page_again(ana)
        found = newest(function, "confirmation")
        assert (
            len([mail for mail in function.letterbox.mails(ADDRESS) if kind_of(mail) == "confirmation"]) == 2
        )
        session = function.application.store.session(OTHER).terms
        feed = subscribe_by_the_email(ana, found)
        assert [instants[1:] for instants in strict_instants(feed)] == [(session.starts, session.ends)]
        with ana.task("cancel from the email"):
            ana.open(personal_link(found))
            ana.see(ana.words.own)
            ana.follow(ana.button(ana.words.cancel))
        expect(ana.page.get_by_text(ana.words.cancelled)).to_be_visible()

        assert ana.spent == COSTS
        assert function.roster(ONLINE) == [("Ana Núñez", "cancelled")]
        assert function.roster(OTHER) == [("Ana Núñez", "cancelled")]
        # The mistyped address had the first email, and hears that it is out.
        function.deliver()
        assert [kind_of(mail) for mail in function.letterbox.mails(MISTYPED)] == [
            "address-changed",
            "confirmation",
        ]
