# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page about accessibility says only what a test shows; test_parity.py holds its Spanish to the same."""

from __future__ import annotations

import pytest

from plugins.trainings.frontmatter import read
from plugins.trainings.parts import fitting
from tests.support.built_site import BuiltSite
from tests.support.claims import exists, sentences
from tests.support.constants import ROOT

PAGE = ROOT / "content/pages/accessibility.md"

_EVERY_PAGE = (
    "tests/browser/test_every_page.py::test_every_page_is_for_everybody_on_any_screen_and_keeps_to_itself",
    "tests/browser/test_sign_up_accessibility.py::test_each_page_is_for_everybody_on_any_screen",
)
SHOWN_BY = {
    "A program checks every page against them.": _EVERY_PAGE,
    "Our tests also show that: You can use all of it with a keyboard alone, and you can see where you are.": (
        "tests/browser/test_keyboard.py::test_everything_can_be_reached_by_keyboard_and_shows_where_one_is",
    ),
    "Each page says which language it is in.": (
        "tests/site/test_pages.py::test_each_page_has_its_translation_and_says_so",
    ),
    "It fits a screen 320 pixels wide, and it still fits when you make the text twice as large.": _EVERY_PAGE,
    "The colors have enough contrast, on a light screen and on a dark one.": _EVERY_PAGE,
    "Nothing jumps while a page loads.": _EVERY_PAGE,
    "You can read everything and sign up without JavaScript.": (
        "tests/browser/test_site.py::test_without_javascript_all_is_there",
        "tests/browser/test_sign_up.py::test_a_parent_signs_up_in_spanish_and_gets_the_mail_in_spanish",
    ),
    "Pages are small, so a slow connection is enough.": (
        "tests/site/test_pages.py::test_every_page_keeps_to_its_budget_of_bytes_and_requests",
    ),
    "English and Spanish pages say the same.": (
        "tests/site/test_parity.py::test_a_text_says_the_same_in_both_languages",
        "tests/site/test_parity.py::test_a_page_says_the_same_in_both_languages",
        "tests/site/test_parity.py::test_a_message_says_the_same_in_both_languages",
    ),
    "You can also sign up by phone if the form doesn’t work for you or if you have no email.": (
        "tests/site/test_accessibility_page.py::test_each_form_says_who_to_call_and_asks_what_people_need",
    ),
    "Tell us in the sign-up form, or call us, as early as you can.": (
        "tests/site/test_accessibility_page.py::test_each_form_says_who_to_call_and_asks_what_people_need",
    ),
}
# They ask, wish, or speak of what is not ours.
CLAIMS_NOTHING = {
    "We want every educator and every family to be able to read these pages, sign up and take part.",
    "If something stands in your way, please tell us.",
    (
        "You might need captions, a sign-language interpreter, large print, a seat near the front, or a room without "
        "steps."
    ),
    "You don’t have to give a reason.",
    "We aim for level AA of the Web Content Accessibility Guidelines (WCAG) 2.2.",
    "Tests don’t find everything.",
    "That is why your report matters.",
    "Your calendar app and the meeting software of online sessions are made by others.",
    "If one of them doesn’t work for you, call us.",
    "Call us and say which page it was, what you wanted to do, and what happened.",
    "If you use a screen reader, a magnifier or another aid, its name helps us to find the cause.",
}


def test_each_sentence_is_shown_by_a_test_or_claims_nothing() -> None:
    said = sentences(fitting(read(PAGE, PAGE.name).body, sign_up=True))
    assert sorted(said) == sorted([*SHOWN_BY, *CLAIMS_NOTHING])


def test_where_people_call_it_says_the_same_but_for_the_form() -> None:
    here, elsewhere = (
        set(sentences(fitting(read(PAGE, PAGE.name).body, sign_up=sign_up))) for sign_up in (True, False)
    )
    assert here - elsewhere == {
        "Tell us in the sign-up form, or call us, as early as you can.",
        "You can also sign up by phone if the form doesn’t work for you or if you have no email.",
        "You can read everything and sign up without JavaScript.",
    }
    assert elsewhere - here == {
        "Call us as early as you can.",
        "You can read everything without JavaScript.",
    }


@pytest.mark.parametrize("sentence", SHOWN_BY)
def test_the_tests_that_show_it_exist(sentence: str) -> None:
    assert {test: exists(test) for test in SHOWN_BY[sentence]} == dict.fromkeys(SHOWN_BY[sentence], True)
    assert not exists(f"{SHOWN_BY[sentence][0]}_in_vain")


def test_each_form_says_who_to_call_and_asks_what_people_need(site: BuiltSite) -> None:
    forms = [
        url
        for url, page in site.pages.items()
        if any(one.get("name") == "email" for one in page.all("input"))
    ]
    assert len(forms) > 40
    for url in forms:
        html = site.read(url)
        call = "¿No tiene correo electrónico?" if url.startswith("/es/") else "No email address? Call us"
        assert call in html, url
        assert '<textarea name="needs"' in html, url
