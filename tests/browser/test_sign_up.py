# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the home page to the mail in the folder, and back: as somebody with a browser goes through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser_visitors import HANDS, Mouse, Visit, fill_in, look, visit
from tests.support.built_site import BuiltSite
from tests.support.page_words import LANGUAGES, WORDS, Words
from tests.support.running_function import (
    PARENTS,
    SEATS,
    SMALL,
    RunningFunction,
    kind_of,
    parts,
    personal_link,
    running,
)
from tests.support.seats import IN_A_LIST
from tests.support.windows import Windows


@pytest.fixture
def function(site: BuiltSite, tmp_path: Path) -> Iterator[RunningFunction]:
    """A function of one's own, whose mail the worker brings."""
    with running(site, tmp_path, worker=True) as function:
        yield function


@pytest.fixture
def quiet_function(site: BuiltSite, tmp_path: Path) -> Iterator[RunningFunction]:
    """A function of one's own, whose mail goes out when the test says so."""
    with running(site, tmp_path) as function:
        yield function


def go_to_the_form(one: Visit, hand: Mouse, words: Words, session: str = SMALL) -> None:
    """Go from the home page to the page of a session."""
    language = "es" if words.prefix else "en"
    one.go(f"{words.prefix}/")
    hand.follow(one.page.get_by_role("navigation").get_by_role("link", name=words.schedule))
    look(one, language, one.heading())
    hand.follow(one.page.locator(f"main h3 a[href='{words.prefix}/schedule/{session}/']"))
    look(one, language, one.heading())


# Each pair of these occurs.
@pytest.mark.parametrize(
    ("language", "script", "hands"),
    [
        ("en", True, "mouse"),
        ("en", False, "keyboard"),
        ("es", True, "keyboard"),
        ("es", False, "mouse"),
    ],
    ids=lambda one: {True: "JavaScript", False: "no JavaScript"}.get(one, one),
)
def test_one_signs_up_gets_mail_and_cancels_and_who_waited_is_promoted(
    windows: Windows, function: RunningFunction, language: str, script: bool, hands: str
) -> None:
    words = WORDS[language]
    function.fill(SMALL, SEATS - 1)
    with (
        visit(windows, function, java_script_enabled=script) as ana,
        visit(windows, function, java_script_enabled=script) as beto,
    ):
        hand = HANDS[hands](ana.page)
        go_to_the_form(ana, hand, words)
        fill_in(ana, hand, words, "Ana Núñez", "ana@example.org")
        look(ana, language, words.signed_up)
        expect(ana.page.get_by_text(words.expected)).to_be_visible()
        assert ana.path.startswith("/register/done/")

        beto.go(f"{words.prefix}/schedule/{SMALL}/")
        fill_in(beto, HANDS[hands](beto.page), words, "Beto O’Hara", "beto@example.org")
        look(beto, language, words.waiting)
        expect(beto.page.get_by_text(words.in_line)).to_be_visible()

        mail = function.letterbox.wait_for("ana@example.org", "confirmation")
        assert (mail["Content-Language"], "METHOD:REQUEST" in parts(mail)["text/calendar"]) == (
            language,
            True,
        )
        waits = function.letterbox.wait_for("beto@example.org", "waiting-list")
        assert set(parts(waits)) == {"text/plain", "text/html"}
        beto.go(personal_link(waits))
        look(beto, language, words.own)
        expect(beto.page.get_by_text(words.place)).to_be_visible()
        expect(beto.page.locator("[action$='/cancel'] button")).to_have_text(words.leave)

        ana.go(personal_link(mail))
        look(ana, language, words.own)
        expect(ana.page.get_by_text(words.seat, exact=True)).to_be_visible()
        hand.follow(ana.page.get_by_role("button", name=words.cancel))
        look(ana, language, words.own)
        expect(ana.page.get_by_text(words.cancelled)).to_be_visible()
        expect(ana.page.get_by_role("button")).to_have_count(0)
        ended = function.letterbox.wait_for("ana@example.org", "cancellation")
        assert "METHOD:CANCEL" in parts(ended)["text/calendar"]

        promoted = function.letterbox.wait_for("beto@example.org", "promotion")
        assert promoted["Subject"] == words.promoted
        assert "METHOD:REQUEST" in parts(promoted)["text/calendar"]
        assert personal_link(promoted) == personal_link(waits)
        beto.page.reload()
        look(beto, language, words.own)
        expect(beto.page.get_by_text(words.seat, exact=True)).to_be_visible()
    people = dict(function.roster(SMALL))
    assert (people["Ana Núñez"], people["Beto O’Hara"]) == ("cancelled", "confirmed")


@pytest.mark.parametrize("script", [True, False], ids=["JavaScript", "no JavaScript"])
def test_a_parent_signs_up_in_spanish_and_gets_the_mail_in_spanish(
    windows: Windows, function: RunningFunction, script: bool
) -> None:
    with visit(windows, function, 320, java_script_enabled=script) as rosa:
        hand, words = Mouse(rosa.page), WORDS["es"]
        rosa.go("/es/")
        hand.follow(rosa.page.get_by_role("navigation").get_by_role("link", name="Familias"))
        hand.follow(rosa.page.locator(f"main a[href='/es/schedule/{PARENTS}/']").first)
        form = rosa.page.locator("#sign-up form")
        expect(form.get_by_label(words.role)).to_have_count(0)
        hand.write(form.get_by_label(words.name), "Rosa Ximénez")
        hand.write(form.get_by_label(words.email), "rosa@example.org")
        hand.write(form.get_by_label("Qué necesita para participar (opcional)"), "Letra grande")
        hand.tick(form.get_by_label(words.consent))
        hand.follow(form.get_by_role("button", name=words.sign_up))
        look(rosa, "es", words.signed_up)
        mail = function.letterbox.wait_for("rosa@example.org", "confirmation")
        assert mail["Content-Language"] == "es"
        assert parts(mail)["text/plain"].split("\n")[2] == "Hola, Rosa Ximénez:"


@pytest.mark.parametrize(("language", "hands"), [("en", "mouse"), ("es", "keyboard")])
def test_what_is_wrong_is_said_where_it_is_and_mended_there(
    windows: Windows, function: RunningFunction, language: str, hands: str
) -> None:
    words = WORDS[language]
    with visit(windows, function, 320) as ana:
        hand = HANDS[hands](ana.page)
        ana.go(f"{words.prefix}/schedule/{SMALL}/")
        typed = {"#email": "ana.example.org", "#needs": "Letra <b>grande</b>"}
        for selector, text in typed.items():
            hand.write(ana.page.locator(selector), text)
        hand.follow(ana.page.locator("#sign-up").get_by_role("button").first)

        look(ana, language, ana.heading())
        assert ana.page.title() == words.error
        summary = ana.page.get_by_role("alert")
        assert summary.locator("h2").inner_text() == words.check
        assert tuple(summary.locator("a").all_inner_texts()) == words.missing
        # On a phone the details, which one has read before, come last.
        tops = [ana.page.locator(one).bounding_box() for one in ("[role=alert]", "h1", "#sign-up", ".facts")]
        assert tops == sorted(tops, key=lambda box: box["y"] if box else -1)
        assert {selector: ana.page.locator(selector).input_value() for selector in typed} == typed
        expect(ana.page.get_by_label("Español" if language == "es" else "English").last).to_be_checked()
        for one in summary.locator("a").all():
            hand.jump(one)
            field = ana.page.locator(":focus")
            assert field.get_attribute("aria-invalid") == "true"
            expect(field).to_be_in_viewport()
            # The message is what is read aloud with the field, after "Error:", which is not seen.
            described = (field.get_attribute("aria-describedby") or "").split()
            said = [" ".join(ana.page.locator(f"[id={name}]").inner_text().split()) for name in described]
            assert f"Error: {one.inner_text()}" in said
            expect(ana.page.locator(f"[id={described[-1]}]")).to_be_visible()
        assert function.roster(SMALL) == []

        hand.write(ana.page.locator("#name"), "Ana Núñez")
        ana.page.locator("#email").clear()
        hand.write(ana.page.locator("#email"), "ana@example.org")
        hand.write(ana.page.locator("#organization"), "Yolo COE")
        hand.choose(ana.page.locator("#role"), words.recruiter)
        hand.tick(ana.page.locator("#consent"))
        hand.follow(ana.page.locator("#sign-up").get_by_role("button").first)
        look(ana, language, words.signed_up)
        (one,) = function.application.store.roster(SMALL)
        assert (one.person.needs, one.person.language) == ("Letra <b>grande</b>", language)
        function.letterbox.wait_for("ana@example.org", "confirmation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_goes_back_finds_what_was_typed_and_is_not_signed_up_twice(
    windows: Windows, quiet_function: RunningFunction, language: str
) -> None:
    function, words = quiet_function, WORDS[language]
    with visit(windows, function) as ana:
        hand = Mouse(ana.page)
        ana.go(f"{words.prefix}/schedule/{SMALL}/")
        fill_in(ana, hand, words, "Ana Núñez", "ana@example.org")
        first = ana.heading()

        ana.page.go_back()
        assert ana.page.locator("#email").input_value() == "ana@example.org"
        expect(ana.page.locator("#consent")).to_be_checked()
        hand.follow(ana.page.locator("#sign-up").get_by_role("button").first)

        look(ana, language, first)
        expect(ana.page.get_by_text(words.before)).to_be_visible()
        assert function.roster(SMALL) == [("Ana Núñez", "confirmed")]
        function.deliver()
        assert [kind_of(one) for one in function.letterbox.mails()] == ["confirmation"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_others_see_at_once_how_many_seats_are_left(
    windows: Windows, quiet_function: RunningFunction, language: str
) -> None:
    words, function = WORDS[language], quiet_function
    with visit(windows, function) as ana, visit(windows, function) as beto:
        ana.go(f"{words.prefix}/schedule/{SMALL}/")
        fill_in(ana, Mouse(ana.page), words, "Ana Núñez", "ana@example.org")
        for path, seats in (
            ("/schedule/", IN_A_LIST[language]["one seat"]),
            (f"/schedule/{SMALL}/", words.left),
        ):
            beto.go(f"{words.prefix}{path}")
            expect(beto.page.locator(f"[id=s-{SMALL}] .seats")).to_have_text(seats)
        status = beto.page.evaluate("fetch('/register/status.json').then(answer => answer.json())")
        assert status["sessions"][SMALL] == {"state": "open", "seats_left": SEATS - 1, "waiting": 0}
