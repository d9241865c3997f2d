# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the home page to the mail in the folder, and back: as somebody with a browser goes through it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from register import upkeep
from schedule.model import Language
from tests.browser.sign_up import (
    HANDS,
    HOUR,
    JOIN_URL,
    NOW,
    ONLINE,
    PARENTS,
    SEATS,
    SMALL,
    Mouse,
    Office,
    Visit,
    kind_of,
    links,
    parts,
    personal_link,
    running,
    visit,
)
from tests.conftest import BuiltSite


@dataclass(frozen=True)
class Words:
    """What somebody reads on the way."""

    prefix: str
    schedule: str
    name: str
    email: str
    organization: str
    role: str
    recruiter: str
    consent: str
    sign_up: str
    signed_up: str
    expected: str
    waiting: str
    in_line: str
    own: str
    seat: str
    place: str
    leave: str
    cancel: str
    cancelled: str
    error: str
    check: str
    missing: tuple[str, ...]
    left: str
    promoted: str
    before: str


WORDS = {
    "en": Words(
        prefix="",
        schedule="Schedule",
        name="Your full name",
        email="Your e-mail address",
        organization="Your organization",
        role="Your role",
        recruiter="Recruiter",
        consent="I agree that you keep these details for this training.",
        sign_up="Sign up",
        signed_up="You are signed up",
        expected="You have a seat. We look forward to seeing you.",
        waiting="You are on the waiting list",
        in_line="All seats are taken. Your place in line is number 1.",
        own="Your registration",
        seat="You have a seat.",
        place="You are on the waiting list. Your place in line is number 1.",
        leave="Leave the waiting list",
        cancel="Cancel my registration",
        cancelled="Your registration is cancelled. Your place goes to the next person. Thank you for letting us know.",
        error="Error: Secondary User, Thursday, December 10 – California MSIX Trainings",
        check="Please check what you entered",
        missing=(
            "Enter your full name.",
            "Enter an e-mail address like name@example.org.",
            "Enter the name of your district, school or agency.",
            "Choose your role. If none fits, choose “Other”.",
            "Check the box to agree that we keep these details. We cannot sign you up without them.",
        ),
        left="5 of 6 seats left",
        promoted="You have a seat (Thu, Dec 10): Secondary User",
        before="You had signed up before, and that stands.",
    ),
    "es": Words(
        prefix="/es",
        schedule="Calendario",
        name="Su nombre completo",
        email="Su correo electrónico",
        organization="Su organización",
        role="Su función",
        recruiter="Reclutadora o reclutador",
        consent="Acepto que guarden estos datos para esta capacitación.",
        sign_up="Inscribirse",
        signed_up="Su inscripción está confirmada",
        expected="Usted tiene un lugar. ¡Le esperamos!",
        waiting="Está en la lista de espera",
        in_line="Todos los lugares están ocupados. Le toca el número 1 de la lista.",
        own="Su inscripción",
        seat="Usted tiene un lugar.",
        place="Está en la lista de espera. Le toca el número 1.",
        leave="Salir de la lista de espera",
        cancel="Cancelar mi inscripción",
        cancelled="Su inscripción se canceló. Su lugar pasa a la siguiente persona. Gracias por avisarnos.",
        error="Error: Usuario secundario, jueves, 10 de diciembre – Capacitaciones de MSIX en California",
        check="Por favor, revise los datos que escribió",
        missing=(
            "Escriba su nombre completo.",
            "Escriba un correo electrónico como ana@example.org.",
            "Escriba el nombre de su distrito, escuela o agencia.",
            "Elija su función. Si ninguna le corresponde, elija «Otra función».",
            "Marque la casilla para aceptar que guardemos estos datos. Sin ellos no podemos hacer la inscripción.",
        ),
        left="Quedan 5 de 6 lugares",
        promoted="Ya tiene un lugar (jue, 10 de dic): Usuario secundario",
        before="Usted ya se había inscrito antes y su inscripción sigue igual.",
    ),
}
LANGUAGES = sorted(WORDS)


@pytest.fixture
def office(site: BuiltSite, tmp_path: Path) -> Iterator[Office]:
    """A function of one's own, whose mail the postman brings."""
    with running(site, tmp_path, postman=True) as office:
        yield office


@pytest.fixture
def quiet_office(site: BuiltSite, tmp_path: Path) -> Iterator[Office]:
    """A function of one's own, whose mail goes out when the test says so."""
    with running(site, tmp_path) as office:
        yield office


def look(one: Visit, language: str, heading: str) -> None:
    """See that a page is the one expected, in its language all through, and that nothing went wrong on the way."""
    assert (one.heading(), one.language()) == (heading, language)
    assert untranslated(one, language) == []
    assert (one.said, one.foreign) == ([], [])


def untranslated(one: Visit, language: str) -> list[str]:
    """Return the English texts of a page in another language that stand where nothing says so."""
    if language == "en":
        return []
    texts = one.page.evaluate(
        """language => {
            const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT), texts = []
            while (walker.nextNode()) {
                const { parentElement: e, data } = walker.currentNode
                if (e.closest('[lang]').lang == language && !e.closest('script, style')) texts.push(data.trim())
            }
            return texts
        }""",
        language,
    )
    catalogue = one.catalogue[language]
    return [text for text in texts if text in catalogue and text not in catalogue[text]]


def fill_in(one: Visit, hand: Mouse, words: Words, name: str, email: str) -> None:
    """Fill in the form, and send it."""
    form = one.page.locator("#sign-up form")
    hand.write(form.get_by_label(words.name), name)
    hand.write(form.get_by_label(words.email), email)
    hand.write(form.get_by_label(words.organization), "Yolo COE")
    hand.choose(form.get_by_label(words.role), words.recruiter)
    # In the other language first, as one who takes the wrong one does.
    for mails in ("English", "Español") if words.prefix else ("Español", "English"):
        hand.pick(form.get_by_label(mails))
    hand.tick(form.get_by_label(words.consent))
    hand.follow(form.get_by_role("button", name=words.sign_up))


def go_to_the_form(one: Visit, hand: Mouse, words: Words, session: str = SMALL) -> None:
    """Go from the home page to the page of a session."""
    language = "es" if words.prefix else "en"
    one.page.goto(f"{words.prefix}/")
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
    browser: Browser, office: Office, language: str, script: bool, hands: str
) -> None:
    words = WORDS[language]
    office.fill(SMALL, SEATS - 1)
    with (
        visit(browser, office, java_script_enabled=script) as ana,
        visit(browser, office, java_script_enabled=script) as beto,
    ):
        hand = HANDS[hands](ana.page)
        go_to_the_form(ana, hand, words)
        fill_in(ana, hand, words, "Ana Núñez", "ana@example.org")
        look(ana, language, words.signed_up)
        expect(ana.page.get_by_text(words.expected)).to_be_visible()
        assert ana.path.startswith("/register/done/")

        beto.page.goto(f"{words.prefix}/schedule/{SMALL}/")
        fill_in(beto, HANDS[hands](beto.page), words, "Beto O’Hara", "beto@example.org")
        look(beto, language, words.waiting)
        expect(beto.page.get_by_text(words.in_line)).to_be_visible()

        mail = office.letterbox.wait_for("ana@example.org", "confirmation")
        assert (mail["Content-Language"], "METHOD:REQUEST" in parts(mail)["text/calendar"]) == (
            language,
            True,
        )
        waits = office.letterbox.wait_for("beto@example.org", "waiting-list")
        assert set(parts(waits)) == {"text/plain", "text/html"}
        beto.page.goto(personal_link(waits))
        look(beto, language, words.own)
        expect(beto.page.get_by_text(words.place)).to_be_visible()
        expect(beto.page.get_by_role("button")).to_have_text(words.leave)

        ana.page.goto(personal_link(mail))
        look(ana, language, words.own)
        expect(ana.page.get_by_text(words.seat, exact=True)).to_be_visible()
        hand.follow(ana.page.get_by_role("button", name=words.cancel))
        look(ana, language, words.own)
        expect(ana.page.get_by_text(words.cancelled)).to_be_visible()
        expect(ana.page.get_by_role("button")).to_have_count(0)
        ended = office.letterbox.wait_for("ana@example.org", "cancellation")
        assert "METHOD:CANCEL" in parts(ended)["text/calendar"]

        promoted = office.letterbox.wait_for("beto@example.org", "promotion")
        assert promoted["Subject"] == words.promoted
        assert "METHOD:REQUEST" in parts(promoted)["text/calendar"]
        assert personal_link(promoted) == personal_link(waits)
        beto.page.reload()
        look(beto, language, words.own)
        expect(beto.page.get_by_text(words.seat, exact=True)).to_be_visible()
    people = dict(office.roster(SMALL))
    assert (people["Ana Núñez"], people["Beto O’Hara"]) == ("cancelled", "confirmed")


@pytest.mark.parametrize("script", [True, False], ids=["JavaScript", "no JavaScript"])
def test_a_parent_signs_up_in_spanish_and_gets_the_mail_in_spanish(
    browser: Browser, office: Office, script: bool
) -> None:
    with visit(browser, office, 320, java_script_enabled=script) as rosa:
        hand, words = Mouse(rosa.page), WORDS["es"]
        rosa.page.goto("/es/")
        hand.follow(rosa.page.get_by_role("navigation").get_by_role("link", name="Para las familias"))
        hand.follow(rosa.page.locator(f"main a[href='/es/schedule/{PARENTS}/']").first)
        form = rosa.page.locator("#sign-up form")
        expect(form.get_by_label(words.role)).to_have_count(0)
        hand.write(form.get_by_label(words.name), "Rosa Ximénez")
        hand.write(form.get_by_label(words.email), "rosa@example.org")
        hand.write(form.get_by_label("Necesidades de accesibilidad (opcional)"), "Letra grande")
        hand.tick(form.get_by_label(words.consent))
        hand.follow(form.get_by_role("button", name=words.sign_up))
        look(rosa, "es", words.signed_up)
        mail = office.letterbox.wait_for("rosa@example.org", "confirmation")
        assert mail["Content-Language"] == "es"
        assert parts(mail)["text/plain"].split("\n")[2] == "Hola, Rosa Ximénez:"


@pytest.mark.parametrize(("language", "hands"), [("en", "mouse"), ("es", "keyboard")])
def test_what_is_wrong_is_said_where_it_is_and_mended_there(
    browser: Browser, office: Office, language: str, hands: str
) -> None:
    words = WORDS[language]
    with visit(browser, office, 320) as ana:
        hand = HANDS[hands](ana.page)
        ana.page.goto(f"{words.prefix}/schedule/{SMALL}/")
        typed = {"#email": "ana.example.org", "#needs": "Letra <b>grande</b>"}
        for selector, text in typed.items():
            hand.write(ana.page.locator(selector), text)
        hand.follow(ana.page.locator("#sign-up").get_by_role("button").first)

        look(ana, language, ana.heading())
        assert ana.page.title() == words.error
        summary = ana.page.get_by_role("alert")
        assert summary.locator("h2").inner_text() == words.check
        assert tuple(summary.locator("a").all_inner_texts()) == words.missing
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
        assert office.roster(SMALL) == []

        hand.write(ana.page.locator("#name"), "Ana Núñez")
        ana.page.locator("#email").clear()
        hand.write(ana.page.locator("#email"), "ana@example.org")
        hand.write(ana.page.locator("#organization"), "Yolo COE")
        hand.choose(ana.page.locator("#role"), words.recruiter)
        hand.tick(ana.page.locator("#consent"))
        hand.follow(ana.page.locator("#sign-up").get_by_role("button").first)
        look(ana, language, words.signed_up)
        (one,) = office.services.store.roster(SMALL)
        assert (one.person.needs, one.person.language) == ("Letra <b>grande</b>", language)
        office.letterbox.wait_for("ana@example.org", "confirmation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_goes_back_finds_what_was_typed_and_is_not_signed_up_twice(
    browser: Browser, quiet_office: Office, language: str
) -> None:
    office, words = quiet_office, WORDS[language]
    with visit(browser, office) as ana:
        hand = Mouse(ana.page)
        ana.page.goto(f"{words.prefix}/schedule/{SMALL}/")
        fill_in(ana, hand, words, "Ana Núñez", "ana@example.org")
        first = ana.heading()

        ana.page.go_back()
        assert ana.page.locator("#email").input_value() == "ana@example.org"
        expect(ana.page.locator("#consent")).to_be_checked()
        hand.follow(ana.page.locator("#sign-up").get_by_role("button").first)

        look(ana, language, first)
        expect(ana.page.get_by_text(words.before)).to_be_visible()
        assert office.roster(SMALL) == [("Ana Núñez", "confirmed")]
        office.deliver()
        assert [kind_of(one) for one in office.letterbox.mails()] == ["confirmation"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_others_see_at_once_how_many_seats_are_left(
    browser: Browser, quiet_office: Office, language: str
) -> None:
    words, office = WORDS[language], quiet_office
    with visit(browser, office) as ana, visit(browser, office) as beto:
        ana.page.goto(f"{words.prefix}/schedule/{SMALL}/")
        fill_in(ana, Mouse(ana.page), words, "Ana Núñez", "ana@example.org")
        for path in ("/schedule/", f"/schedule/{SMALL}/"):
            beto.page.goto(f"{words.prefix}{path}")
            expect(beto.page.locator(f"[id=s-{SMALL}] .seats")).to_have_text(words.left)
        status = beto.page.evaluate("fetch('/register/status.json').then(answer => answer.json())")
        assert status["sessions"][SMALL] == {"state": "open", "seats_left": SEATS - 1, "waiting": 0}


def test_the_other_language_is_the_same_page(browser: Browser, quiet_office: Office) -> None:
    """The toggle, both ways, on each page of the function that one can come back to."""
    office = quiet_office
    office.fill(SMALL, SEATS)
    confirmed = office.sign_up(ONLINE, "Ana Núñez", "ana@example.org")
    waiting = office.sign_up(SMALL, "Ana Núñez", "ana@example.org")
    pages = {
        office.manage_url(confirmed): ("Your registration", "Su inscripción"),
        office.manage_url(waiting): ("Your registration", "Su inscripción"),
        f"{office.manage_url(waiting)}x": ("This link does not work", "Este enlace no funciona"),
        "/register/link": ("Get our mail again", "Recibir nuestro correo otra vez"),
        "/register/link?sent=yes": ("Please look at your mail", "Por favor, revise su correo"),
        "/register/unknown": ("We do not have this date", "No tenemos esta fecha"),
    }
    with visit(browser, office) as ana:
        hand = Mouse(ana.page)
        ana.page.goto(f"/schedule/{SMALL}/")
        fill_in(ana, hand, WORDS["en"], "Clara Sol", "clara@example.org")
        pages[ana.page.url] = ("You are on the waiting list", "Está en la lista de espera")
        for address, (english, spanish) in pages.items():
            ana.page.goto(address)
            path = ana.path
            for language, heading in (("es", spanish), ("en", english)):
                hand.follow(ana.page.locator(f".lang a[hreflang={language}]"))
                look(ana, language, heading)
                assert ana.path == path


def test_a_form_that_was_sent_in_a_chosen_language_is_answered_in_it(
    browser: Browser, quiet_office: Office
) -> None:
    office = quiet_office
    one = office.sign_up(SMALL, "Ana Núñez", "ana@example.org")
    with visit(browser, office) as ana:
        hand = Mouse(ana.page)
        ana.page.goto(office.manage_url(one))
        hand.follow(ana.page.locator(".lang a"))
        hand.follow(ana.page.get_by_role("button", name="Cancelar mi inscripción"))
        look(ana, "es", "Su inscripción")
        expect(ana.page.get_by_text(WORDS["es"].cancelled)).to_be_visible()

        ana.page.goto("/register/link?lang=es")
        hand.follow(ana.page.get_by_role("button"))
        assert ana.page.title().startswith("Error: ")
        look(ana, "es", "Recibir nuestro correo otra vez")
        hand.write(ana.page.locator("#email"), "ana@example.org")
        hand.follow(ana.page.get_by_role("button"))
        look(ana, "es", "Por favor, revise su correo")


def test_who_lost_the_mail_gets_it_again_and_the_page_tells_nobody_who_has_signed_up(
    browser: Browser, quiet_office: Office
) -> None:
    office = quiet_office
    office.sign_up(SMALL, "Ana Núñez", "ana@example.org", language=Language.SPANISH)
    office.deliver()
    office.now += 2 * HOUR
    said = {}
    with visit(browser, office) as ana:
        hand = Mouse(ana.page)
        for address in ("nobody@example.org", "ana@example.org"):
            ana.page.goto("/register/link")
            hand.write(ana.page.locator("#email"), address)
            hand.follow(ana.page.get_by_role("button"))
            said[address] = (ana.page.url, ana.page.content())
    assert said["ana@example.org"] == said["nobody@example.org"]
    office.deliver()
    assert [one["To"].addresses[0].addr_spec for one in office.letterbox.mails()] == ["ana@example.org"] * 2
    first, second = office.letterbox.mails()
    assert personal_link(first) == personal_link(second)


def every_kind_of_mail(office: Office) -> None:
    """Have a mail of each kind in each language in the folder."""
    for language in Language:
        for session in (ONLINE, PARENTS, SMALL):
            who = f"Ana {language}"
            one = office.sign_up(session, who, f"ana-{language}@example.org", language=language)
            if session == PARENTS:
                office.services.store.cancel(session, one.identity, one.rid, now=office.now)
    office.fill(SMALL, SEATS - 2)
    for language in Language:
        office.sign_up(SMALL, f"Beto {language}", f"beto-{language}@example.org", language=language)
    for language in Language:
        one = office.sign_up(SMALL, f"Eva {language}", f"eva-{language}@example.org", language=language)
    for one in office.services.store.roster(SMALL)[:3]:
        office.services.store.cancel(SMALL, one.identity, one.rid, now=office.now)
    office.deliver()
    office.publish(SMALL, location={"en": "Room 3", "es": "Sala 3"})
    office.deliver()
    office.now = NOW + timedelta(days=2)
    upkeep.remind(office.services.store, now=office.now)
    office.publish(SMALL, status="cancelled")
    office.deliver()


def test_no_link_of_any_mail_changes_anything(browser: Browser, quiet_office: Office) -> None:
    office = quiet_office
    every_kind_of_mail(office)
    mails = office.letterbox.mails()
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
    ours = {link for link in found if link.startswith(f"{office.address}/")}
    assert found - ours == {JOIN_URL}
    assert sum("/register/manage/" in link for link in ours) >= 6

    before = office.rows()
    host = office.address.removeprefix("http://")
    status = {}
    for link in sorted(ours):
        for method in ("HEAD", "GET"):
            connection = http.client.HTTPConnection(host, timeout=30)
            connection.request(method, link.removeprefix(office.address))
            status[method, link.split("?")[0]] = connection.getresponse().status
            connection.close()
    with visit(browser, office) as scanner:
        for link in sorted(link for link in ours if "/register/" in link):
            scanner.page.goto(link)
        assert scanner.answers
        assert set(scanner.answers) == {200}
    assert set(status.values()) == {200}
    assert office.rows() == before
