# SPDX-License-Identifier: AGPL-3.0-or-later
"""Staff write to the people of a session: in the languages that they read, after a preview, and once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from register.domain.model import Kind
from register.domain.trail import TrailAction
from register.stores.errors import StoreUnavailable
from register.web.staff.announcement_form import SUBJECT_LIMIT, TEXT_LIMIT
from schedule.model import Language
from tests.support.constants import MINUTE, NOON
from tests.support.page_texts import plain
from tests.support.rosters import MESSAGE, ROSTER, joined
from tests.support.staff import OFFICE, OTHER, TRAINER, TRAINERS_SESSION, StaffWorld
from tests.support.visitors import broken

ENGLISH = {"to": "confirmed", "subject_en": "Bring a laptop", "text_en": "Hello,\r\n\r\nplease bring one."}
SPANISH = {"subject_es": "Traiga su computadora", "text_es": "Hola:\r\n\r\ntraiga una, por favor."}


def problems(page: str) -> list[str]:
    """Return what the page says is wrong."""
    summary = page.partition('<div role="alert">')[2].partition("</ul>")[0]
    return [plain(item) for item in summary.split("<li>")[1:]]


def occasion_in(page: str) -> str:
    """Return the value of the button that sends."""
    [occasion] = re.findall(r'name="occasion" value="([^"]*)"', page)
    return occasion


def announced(staff: StaffWorld, email: str) -> list[tuple[str | None, str | None]]:
    """Return subject and text of each announcement to an address."""
    return [
        (each.message.subject, each.message.body)
        for each in staff.world.store.messages_of(email)
        if each.message.kind is Kind.ANNOUNCEMENT
    ]


def test_everybody_gets_it_in_the_language_of_their_emails(staff: StaffWorld) -> None:
    joined(staff, "Ana", language=Language.SPANISH)
    joined(staff, "Ben")
    visitor = staff.signed_in(TRAINER)
    preview = visitor.post(MESSAGE, ENGLISH | SPANISH)
    sent = ENGLISH | SPANISH | {"occasion": occasion_in(preview.text)}
    page = visitor.follow(visitor.post(MESSAGE, sent))

    assert page.request.path == ROSTER
    assert "Your message is on its way." in page.text
    assert announced(staff, "ana@example.net") == [
        ("Traiga su computadora", "Hola:\n\ntraiga una, por favor.")
    ]
    assert announced(staff, "ben@example.net") == [("Bring a laptop", "Hello,\n\nplease bring one.")]
    assert [(entry.who, entry.action) for entry in staff.world.store.trail(TRAINERS_SESSION)] == [
        (TRAINER.email, TrailAction.ANNOUNCED)
    ]
    assert staff.world.woken == [NOON]


def test_the_preview_names_the_number_and_sends_nothing(staff: StaffWorld) -> None:
    joined(staff, "Ana", language=Language.SPANISH)
    joined(staff, "Ben", "Cruz")
    page = staff.signed_in().post(MESSAGE, ENGLISH | SPANISH)

    assert page.status_code == 200
    assert (
        "This goes to 3 people, each in an email of their own. Emails that were sent can’t be taken back. "
        "In English, to 2 people Bring a laptop Hello, please bring one. "
        "In Spanish, to 1 person Traiga su computadora Hola: traiga una, por favor. Send to 3 people Change it"
    ) in plain(page.text)
    assert [len(announced(staff, f"{name}@example.net")) for name in ("ana", "ben", "cruz")] == [0, 0, 0]
    assert staff.world.store.session(TRAINERS_SESSION).announcement is None


def test_no_two_previews_have_one_occasion(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    visitor = staff.signed_in()
    pages = [visitor.post(MESSAGE, ENGLISH).text for _ in range(2)]

    assert len({occasion_in(page) for page in pages}) == 2


def test_what_is_sent_twice_goes_out_once_and_the_page_says_so(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    visitor, sent = staff.signed_in(), ENGLISH | {"occasion": "once"}
    pages = [visitor.follow(visitor.post(MESSAGE, sent)).text for _ in range(2)]

    assert "Your message is on its way." in pages[0]
    assert "This message was sent already: nothing was sent again." in pages[1]
    assert announced(staff, "ben@example.net") == [("Bring a laptop", "Hello,\n\nplease bring one.")]


@pytest.mark.parametrize(
    ("to", "reached"),
    [("confirmed", ["ana"]), ("waiting", ["ben"]), ("all", ["ana", "ben"]), ("nonsense", ["ana"])],
)
def test_a_message_is_for_people_with_a_seat_for_those_who_wait_or_for_all(
    staff: StaffWorld, to: str, reached: list[str]
) -> None:
    staff.world.fill(TRAINERS_SESSION, 1)
    joined(staff, "Ana", "Ben")
    staff.signed_in().post(MESSAGE, ENGLISH | {"to": to, "occasion": "x"})

    assert [name for name in ("ana", "ben") if announced(staff, f"{name}@example.net")] == reached


@pytest.mark.parametrize("occasion", ["", "once"], ids=["looked at", "sent"])
def test_what_is_missing_in_a_language_that_somebody_reads_is_asked_for(
    staff: StaffWorld, occasion: str
) -> None:
    joined(staff, "Ana", language=Language.SPANISH)
    joined(staff, "Ben")
    answer = staff.signed_in().post(MESSAGE, ENGLISH | {"subject_es": "Hola", "occasion": occasion})

    assert answer.status_code == 422
    assert problems(answer.text) == ["Write the text in Spanish."]
    assert '<input name="subject_es" id="subject_es" value="Hola"' in answer.text
    assert "People with a seat (1 read English, 1 Spanish)" in plain(answer.text)
    assert announced(staff, "ben@example.net") == []


def test_spanish_alone_is_enough_where_everybody_reads_it(staff: StaffWorld) -> None:
    joined(staff, "Ana", language=Language.SPANISH)
    answer = staff.signed_in().post(MESSAGE, SPANISH | {"to": "confirmed"})

    assert answer.status_code == 200
    assert "In English" not in answer.text


def test_a_language_that_nobody_reads_is_whole_or_not_there(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    answer = staff.signed_in().post(MESSAGE, ENGLISH | {"text_es": "Hola"})

    assert problems(answer.text) == ["Write a subject in Spanish."]


def test_with_nobody_to_write_to_nothing_is_sent(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    answer = staff.signed_in().post(MESSAGE, ENGLISH | {"to": "waiting", "occasion": "x"})

    assert answer.status_code == 422
    assert "There is nobody to write to. Choose others, or go back to the roster." in plain(answer.text)
    assert '<input type="radio" name="to" value="waiting" checked>' in answer.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"subject_en": "x" * (SUBJECT_LIMIT + 1)},
            f"“Subject in English”: use at most {SUBJECT_LIMIT} characters.",
        ),
        ({"text_en": "x" * (TEXT_LIMIT + 1)}, f"“Text in English”: use at most {TEXT_LIMIT} characters."),
        ({"subject_en": "two\nlines"}, "“Subject in English”: write this on one line."),
        ({"subject_en": "=?utf-8?q?x?="}, "“Subject in English”: type this again."),
        ({"text_en": "a\x00b"}, "“Text in English”: type this again."),
        ({"text_en": "\u202eabc"}, "“Text in English”: type this again."),
    ],
    ids=["long subject", "long text", "lines", "encoded word", "control", "direction"],
)
def test_what_no_email_can_say_is_refused_in_words(
    staff: StaffWorld, changes: dict[str, str], said: str
) -> None:
    joined(staff, "Ben")
    answer = staff.signed_in().post(MESSAGE, ENGLISH | {"occasion": "x"} | changes)

    assert answer.status_code == 422
    [problem] = problems(answer.text)
    assert problem.startswith(said)
    assert announced(staff, "ben@example.net") == []


def test_the_longest_message_in_both_languages_is_taken(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    longest = {f"subject_{code}": "ñ" * SUBJECT_LIMIT for code in ("en", "es")}
    longest |= {f"text_{code}": "ñ" * TEXT_LIMIT for code in ("en", "es")}

    assert staff.signed_in().post(MESSAGE, longest | {"to": "all", "occasion": "x"}).status_code == 303


def test_html_is_text_in_the_preview_and_addresses_are_links(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    text = "<b>Hello</b>\n\nhttps://example.org/?a=1&b=2"
    page = (
        staff.signed_in()
        .post(MESSAGE, ENGLISH | {"text_en": text, "subject_en": '"><script>x</script>'})
        .text
    )

    assert "<b>Hello" not in page
    assert "<script>x" not in page
    assert "&lt;b&gt;Hello&lt;/b&gt;" in page
    assert '<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>' in page


def test_the_preview_leads_back_to_the_form_with_all_that_was_written(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    page = staff.signed_in().post(MESSAGE, ENGLISH | {"change": "yes", "text_en": ""})

    assert page.status_code == 200
    assert 'value="Bring a laptop"' in page.text
    assert problems(page.text) == []


def test_a_session_that_is_over_is_not_written_to(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    staff.world.change(TRAINERS_SESSION, ends=NOON - MINUTE)
    answer = staff.signed_in().post(MESSAGE, ENGLISH | {"occasion": "x"})

    assert answer.status_code == 409
    assert "This session is over Nothing was sent." in plain(answer.text)
    assert 'value="Bring a laptop"' in answer.text
    assert announced(staff, "ben@example.net") == []


def test_what_may_have_been_kept_is_sent_again_under_the_same_occasion(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    store = broken(staff.world.store, StoreUnavailable("no disk"), "announce")
    answer = staff.signed_in(store=store).post(MESSAGE, ENGLISH | {"occasion": "x"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert occasion_in(answer.text) == "x"
    assert "Nobody gets it twice." in answer.text


def test_what_could_not_be_written_out_at_once_is_left_to_the_sweep(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    store = broken(staff.world.store, StoreUnavailable("no disk"), "write_out_announcement")
    answer = staff.signed_in(store=store).post(MESSAGE, ENGLISH | {"occasion": "x"})

    assert answer.status_code == 303
    assert announced(staff, "ben@example.net") == []
    staff.world.store.write_out_announcement(TRAINERS_SESSION)
    assert announced(staff, "ben@example.net") == [("Bring a laptop", "Hello,\n\nplease bring one.")]


@pytest.mark.parametrize("occasion", ["a b", "x" * 65, "ñ", "a#b"])
def test_an_occasion_that_is_none_of_ours_gets_a_preview(staff: StaffWorld, occasion: str) -> None:
    joined(staff, "Ben")
    page = staff.signed_in().post(MESSAGE, ENGLISH | {"occasion": occasion})

    assert page.status_code == 200
    assert occasion_in(page.text) != occasion


def test_people_without_email_are_not_counted(staff: StaffWorld) -> None:
    joined(staff, "Ben", email="")
    answer = staff.signed_in().get(MESSAGE)

    assert "People with a seat (0 read English, 0 Spanish)" in plain(answer.text)


def test_the_form_speaks_spanish(staff: StaffWorld) -> None:
    joined(staff, "Ana", language=Language.SPANISH)
    staff.members = [replace(OFFICE, language=Language.SPANISH)]
    answer = staff.signed_in(staff.members[0]).post(MESSAGE, {"page_language": "es", "to": "all"})

    assert problems(answer.text) == ["Escriba un asunto en español.", "Escriba el texto en español."]


def test_another_trainer_writes_to_nobody(staff: StaffWorld) -> None:
    joined(staff, "Ben")
    visitor = staff.signed_in(OTHER)
    answers = [visitor.get(MESSAGE), visitor.post(MESSAGE, ENGLISH | {"occasion": "x"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert announced(staff, "ben@example.net") == []
