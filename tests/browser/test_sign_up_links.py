# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses that people come back to: in the other language, from a lost mail, and opened by machines."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from register.domain.model import ChangedBy
from register.operations import maintenance as maintenance
from schedule.model import Language
from tests.support.browser_visitors import Mouse, fill_in, look, visit
from tests.support.built_site import BuiltSite
from tests.support.constants import HOUR, NOON
from tests.support.page_words import WORDS
from tests.support.running_function import (
    JOIN_URL,
    ONLINE,
    PARENTS,
    SEATS,
    SMALL,
    RunningFunction,
    kind_of,
    links,
    personal_link,
    running,
)
from tests.support.windows import Windows


@pytest.fixture
def function(site: BuiltSite, tmp_path: Path) -> Iterator[RunningFunction]:
    """A function of one's own, whose mail goes out when the test says so."""
    with running(site, tmp_path) as function:
        yield function


def test_the_other_language_is_the_same_page(windows: Windows, function: RunningFunction) -> None:
    """The toggle, both ways, on each page of the function that one can come back to."""
    function.fill(SMALL, SEATS)
    confirmed = function.sign_up(ONLINE, "Ana Núñez", "ana@example.org")
    waiting = function.sign_up(SMALL, "Ana Núñez", "ana@example.org")
    pages = {
        function.manage_url(confirmed): ("Your registration", "Su inscripción"),
        function.manage_url(waiting): ("Your registration", "Su inscripción"),
        f"{function.manage_url(waiting)}x": ("This link doesn’t work", "Este enlace no funciona"),
        "/register/link": ("Get our email again", "Recibir nuestro correo otra vez"),
        "/register/link?sent=yes": ("Check your email", "Revise su correo"),
        "/register/unknown": ("We can’t find this date", "No encontramos esta fecha"),
    }
    with visit(windows, function) as ana:
        hand = Mouse(ana.page)
        ana.go(f"/schedule/{SMALL}/")
        fill_in(ana, hand, WORDS["en"], "Clara Sol", "clara@example.org")
        pages[ana.page.url] = ("You are on the waiting list", "Está en la lista de espera")
        for address, (english, spanish) in pages.items():
            ana.go(address)
            path = ana.path
            for language, heading in (("es", spanish), ("en", english)):
                hand.follow(ana.page.locator(f".lang a[hreflang={language}]"))
                look(ana, language, heading)
                assert ana.path == path


def test_a_form_that_was_sent_in_a_chosen_language_is_answered_in_it(
    windows: Windows, function: RunningFunction
) -> None:
    one = function.sign_up(SMALL, "Ana Núñez", "ana@example.org")
    with visit(windows, function) as ana:
        hand = Mouse(ana.page)
        ana.go(function.manage_url(one))
        hand.follow(ana.page.locator(".lang a"))
        hand.follow(ana.page.get_by_role("button", name="Cancelar mi inscripción"))
        look(ana, "es", "Su inscripción")
        expect(ana.page.get_by_text(WORDS["es"].cancelled)).to_be_visible()

        ana.go("/register/link?lang=es")
        hand.follow(ana.page.get_by_role("button"))
        assert ana.page.title().startswith("Error: ")
        look(ana, "es", "Recibir nuestro correo otra vez")
        hand.write(ana.page.locator("#email"), "ana@example.org")
        hand.follow(ana.page.get_by_role("button"))
        look(ana, "es", "Revise su correo")


def test_who_changes_the_language_of_a_form_keeps_what_was_typed(
    windows: Windows, function: RunningFunction
) -> None:
    with visit(windows, function) as ana:
        hand = Mouse(ana.page)
        ana.go(f"/schedule/{SMALL}/")
        hand.write(ana.page.locator("#name"), "Ana Núñez")
        hand.follow(ana.page.get_by_role("button", name="Sign up"))
        hand.follow(ana.page.get_by_role("button", name="Continuar en español"))
        look(ana, "es", "Usuario secundario")
        assert ana.page.title() == WORDS["es"].error
        assert ana.page.locator("#name").input_value() == "Ana Núñez"
        expect(ana.page.get_by_role("alert").locator("a").first).to_have_text(
            "Escriba su correo electrónico."
        )
    assert function.roster(SMALL) == []


def test_who_lost_the_mail_gets_it_again_and_the_page_tells_nobody_who_has_signed_up(
    windows: Windows, function: RunningFunction
) -> None:
    function.sign_up(SMALL, "Ana Núñez", "ana@example.org", language=Language.SPANISH)
    function.deliver()
    function.now += 2 * HOUR
    said = {}
    with visit(windows, function) as ana:
        hand = Mouse(ana.page)
        for address in ("nobody@example.org", "ana@example.org"):
            ana.go("/register/link")
            hand.write(ana.page.locator("#email"), address)
            hand.follow(ana.page.get_by_role("button"))
            said[address] = (ana.page.url, ana.page.content())
    assert said["ana@example.org"] == said["nobody@example.org"]
    function.deliver()
    assert [one["To"].addresses[0].addr_spec for one in function.letterbox.mails()] == ["ana@example.org"] * 2
    first, second = function.letterbox.mails()
    assert personal_link(first) == personal_link(second)


def every_kind_of_mail(function: RunningFunction) -> None:
    """Have a mail of each kind in each language in the folder."""
    for language in Language:
        for session in (ONLINE, PARENTS, SMALL):
            who = f"Ana {language}"
            one = function.sign_up(session, who, f"ana-{language}@example.org", language=language)
            if session == PARENTS:
                function.application.store.cancel(
                    session, one.registration_id, now=function.now, by=ChangedBy.PERSON
                )
    function.fill(SMALL, SEATS - 2)
    for language in Language:
        function.sign_up(SMALL, f"Beto {language}", f"beto-{language}@example.org", language=language)
    for language in Language:
        one = function.sign_up(SMALL, f"Eva {language}", f"eva-{language}@example.org", language=language)
    for one in function.application.store.roster(SMALL)[:3]:
        function.application.store.cancel(SMALL, one.registration_id, now=function.now, by=ChangedBy.PERSON)
    function.deliver()
    function.publish(SMALL, location={"en": "Room 3", "es": "Sala 3"})
    function.deliver()
    function.now = NOON + timedelta(days=2)
    maintenance.remind(function.application.store, now=function.now)
    function.publish(SMALL, status="cancelled")
    function.deliver()


def test_no_link_of_any_mail_changes_anything(windows: Windows, function: RunningFunction) -> None:
    every_kind_of_mail(function)
    mails = function.letterbox.mails()
    assert {(kind_of(one), one["Content-Language"]) for one in mails} == {
        (kind, language)
        for kind in (
            "confirmation",
            "waiting-list",
            "promotion",
            "change",
            "cancellation",
            "session-cancellation",
            "reminder",
        )
        for language in Language
    }
    found = set().union(*(links(one) for one in mails))
    ours = {link for link in found if link.startswith(f"{function.address}/")}
    assert found - ours == {JOIN_URL}
    assert sum("/register/manage/" in link for link in ours) >= 6

    before = function.rows()
    host = function.address.removeprefix("http://")
    status = {}
    for link in sorted(ours):
        for method in ("HEAD", "GET"):
            connection = http.client.HTTPConnection(host, timeout=30)
            connection.request(method, link.removeprefix(function.address))
            status[method, link.split("?")[0]] = connection.getresponse().status
            connection.close()
    with visit(windows, function) as scanner:
        for link in sorted(each for each in ours if "/register/" in each and not each.endswith(".ics")):
            scanner.go(link)
        assert scanner.window.answers
        assert set(scanner.window.answers) == {200}
    assert set(status.values()) == {200}
    assert function.rows() == before
