# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page about privacy promises only what a page or a command does and a test shows; Spanish: test_parity.py."""

from __future__ import annotations

from dataclasses import fields

import pytest

from plugins.trainings.frontmatter import read
from plugins.trainings.parts import fitting
from register.domain.model import Person, Registration
from register.entrypoints.command_line import main
from schedule import signup
from tests.support.built_site import BuiltSite
from tests.support.claims import exists, sentences
from tests.support.constants import ROOT
from tests.support.visitors import world_of

PAGE = ROOT / "content/pages/privacy.md"

_WEB, _STORES = "tests/functions/register/web/", "tests/functions/register/stores/"
_OPERATIONS, _MAIL = "tests/functions/register/operations/", "tests/functions/register/mail/"
_EVERY_PAGE = (
    "tests/browser/test_every_page.py::test_every_page_is_for_everybody_on_any_screen_and_keeps_to_itself"
)
_EVERY_ANSWER = "tests/browser/test_sign_up_accessibility.py::test_each_page_is_for_everybody_on_any_screen"
_FORGOTTEN = f"{_STORES}sqlite/test_traces.py::test_whoever_s_time_is_over_is_in_no_byte_of_the_files"
_ERASED = f"{_STORES}test_conformance_erasure.py::test_one_email_for_the_address_tells_of_an_erasure_and_ends_the_event"
_FORM, _MANAGE, _DONE = (
    "POST /register/<session_id>",
    "GET /register/manage/<token>",
    "GET /register/done/<token>",
)
_CORRECT, _MOVE, _CANCEL = (f"POST /register/manage/<token>/{verb}" for verb in ("correct", "move", "cancel"))
_MINE, _FEED = "GET /register/mine/<token>", "GET /register/mine/<token>/calendar.ics"
_CORRECTED = f"{_WEB}test_correct.py::test_what_is_sent_is_stored_and_the_seat_stays"
_MOVED = f"{_WEB}test_move.py::test_who_moves_has_a_seat_there_and_none_here"
_CANCELED = f"{_WEB}test_manage.py::test_a_cancel_is_a_post_and_shows_the_page_that_says_so"
_LISTED = f"{_WEB}test_mine.py::test_the_page_lists_everything_of_the_address_and_nothing_of_another"
_FED = f"{_WEB}test_mine.py::test_the_feed_shows_seats_with_the_link_to_join_and_waiting_without"

DONE_BY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "You can read every page without telling us who you are.": (("/",), (_EVERY_PAGE,)),
    "It is little, it is only for that session, and we erase it afterward.": (
        ("register sweep",),
        (_FORGOTTEN,),
    ),
    (
        "- your name - your email address - your organization, such as a district, school or agency (parents can leave "
        "this blank) - your role (we don’t ask parents for it) - the language of your emails - what you need to take "
        "part, if you choose to tell us"
    ): (
        (_FORM,),
        (
            "tests/schedule/test_signup.py::test_staff_are_asked_for_all_that_the_trainers_need",
            "tests/schedule/test_signup.py::test_parents_are_asked_for_no_role_and_need_no_organization",
        ),
    ),
    (
        "To this we add only what belongs to the sign-up itself: the session, the time at which you signed up, whether "
        "you have a seat, are on the waiting list, are canceled or moved to another date, whether you or our team did "
        "that, when anything was last changed, whether you attended, what our team did about your sign-up, and whether "
        "you used the link in our email or an email to you bounced."
    ): (
        ("register export",),
        (
            f"{_OPERATIONS}test_privacy.py::test_the_export_holds_all_that_is_kept_and_no_link_to_join",
            f"{_OPERATIONS}test_privacy.py::test_what_staff_did_about_somebody_is_given_out_and_erased_too",
        ),
    ),
    (
        "We use it to hold your seat, to send you the invitation, a reminder and any change, and to prepare the "
        "session, for example when someone needs an interpreter or captions."
    ): (
        (_FORM, "register remind", "register sync", "register roster"),
        (
            f"{_MAIL}test_text.py::test_an_email_says_first_what_it_is_about",
            "tests/functions/register/domain/test_roster.py::test_the_columns_are_those_that_were_promised",
        ),
    ),
    (
        "Some of it reaches our team by email: what someone needs to take part, who is coming to a session the next day, "
        "who signed up or canceled, and who didn’t get our email."
    ): (
        ("register deliver",),
        (
            f"{_MAIL}test_staff_text.py::test_an_email_to_staff_says_this",
            f"{_MAIL}test_staff_delivery.py::test_each_who_wants_it_and_may_see_the_session_gets_one",
        ),
    ),
    "Other people in the session don’t see what you wrote in the form.": (
        (_MANAGE,),
        (
            f"{_WEB}test_sign_up.py::test_the_page_after_says_of_the_person_only_what_it_may_correct",
            _LISTED,
        ),
    ),
    "We erase your sign-up {{ retention_days }} days after the session.": (
        ("register sweep",),
        (_FORGOTTEN,),
    ),
    (
        "When you ask for our email again, we keep the email address that you type only until we have looked it up, "
        "which takes moments."
    ): (
        ("POST /register/link",),
        (
            f"{_STORES}sqlite/test_traces.py::test_a_wish_that_was_looked_up_is_in_no_byte_after_the_next_sweep",
        ),
    ),
    (
        "With the link in our email you can correct what you told us, change to another date of the same training, or "
        "cancel."
    ): ((_CORRECT, _MOVE, _CANCEL), (_CORRECTED, _MOVED, _CANCELED)),
    (
        "It also leads to all the sessions that were signed up for with your email address, and to a calendar of your own "
        "with them."
    ): ((_MANAGE, _MINE, _FEED), (_LISTED, _FED)),
    "Right after you sign up, you don’t need the link yet.": (
        (_DONE,),
        (f"{_WEB}test_receipt.py::test_the_page_says_where_we_wrote_and_offers_to_correct_it",),
    ),
    (
        "For one hour, the page you see then lets you correct your name and email address, three times at most."
    ): (
        ("POST /register/done/<token>/correct",),
        (
            f"{_WEB}test_receipt.py::test_a_correction_changes_name_and_address_and_nothing_else",
            f"{_WEB}test_receipt.py::test_after_an_hour_there_is_neither_form_nor_page",
            f"{_WEB}test_receipt.py::test_a_corrected_address_does_not_end_the_power_but_three_corrections_do",
        ),
    ),
    "It stops as soon as you change something with the link.": (
        (_DONE,),
        (f"{_WEB}test_receipt.py::test_the_power_ends_in_the_moment_in_which_the_link_is_used",),
    ),
    "If you change your email address, the earlier links to that registration stop working.": (
        (_CORRECT,),
        (f"{_WEB}test_correct.py::test_a_corrected_address_makes_the_link_dead_and_gets_the_new_one_alone",),
    ),
    "We tell the earlier address, without your name, that the registration has another one now.": (
        (_CORRECT,),
        (
            (
                f"{_WEB}test_attacks.py::test_who_corrects_an_address_to_somebody_elses_has_neither_that_persons_seat"
                "_nor_the_own_old_link"
            ),
        ),
    ),
    "If you changed it, give us the earlier one too: what we sent there is kept under that address.": (
        ("register export", "register forget"),
        (
            f"{_STORES}test_conformance_amend.py::test_erasing_the_address_before_leaves_the_person_and_the_unsent_goodbye",
            f"{_STORES}test_conformance_amend.py::test_erasing_the_new_address_takes_the_registration",
        ),
    ),
    "We can send you a copy of what we keep, correct it, or erase it at once.": (
        ("register export", "register correct", "register forget"),
        (
            f"{_OPERATIONS}test_privacy.py::test_the_export_holds_all_that_is_kept_and_no_link_to_join",
            f"{_STORES}test_conformance_erasure.py::test_erasing_takes_all_of_one_address_and_nothing_of_another",
        ),
    ),
    (
        "If we erase it before the session, your seat is canceled too and goes to the next person on the waiting list."
    ): (
        ("register forget",),
        (f"{_OPERATIONS}test_privacy.py::test_who_is_forgotten_gives_the_seat_to_who_waits",),
    ),
    "An email tells you so.": (("register forget",), (_ERASED,)),
    (
        "Until it is sent, but for three days at most, we keep your email address for it, without your name; then that "
        "goes too."
    ): (
        ("register forget",),
        (
            (
                f"{_STORES}test_conformance_erasure.py::test_the_address_goes_when_the_email_is_given_up_for_good_or_of"
                "_no_use_or_after_three_days"
            ),
        ),
    ),
    (
        "With the links in our email you can look at your sign-up and at all others with your email address, and correct, "
        "move or cancel them."
    ): (
        (_MANAGE, _MINE, _CORRECT, _MOVE, _CANCEL),
        (_LISTED, _CORRECTED, _MOVED, _CANCELED),
    ),
    "So can anyone else who has the links.": ((_MANAGE,), (_CANCELED,)),
    "The calendar invitation that comes with it doesn’t have these links.": (
        (_FORM,),
        (f"{_MAIL}test_text.py::test_the_personal_links_stand_in_the_text_and_never_in_the_calendar",),
    ),
    (
        "The address of your own calendar shows your dates and the links to join, and gives no power over your sign-up."
    ): (
        (_MINE, _FEED),
        (
            f"{_WEB}test_mine.py::test_tokens_that_are_forged_foreign_or_for_something_else_open_nothing",
            _LISTED,
        ),
    ),
    "This site sets no tracking cookies and uses no analytics.": (
        ("/",),
        (f"{_WEB}test_security.py::test_every_answer_has_the_headers_that_protect_people", _EVERY_PAGE),
    ),
    "Its pages load nothing from other companies.": (("/",), (_EVERY_PAGE, _EVERY_ANSWER)),
    "When you subscribe to one of our public calendars, your calendar app fetches a file from us.": (
        ("/calendar/all.ics",),
        (
            "tests/schedule/test_subscription.py::test_a_subscriber_sees_exactly_the_sessions_through_a_move_a_cancellation_and_a_removal",
        ),
    ),
    "Your own calendar isn’t public, but the maker of your app can read what is in it.": (
        (_FEED,),
        (f"{_WEB}test_mine.py::test_tokens_that_are_forged_foreign_or_for_something_else_open_nothing",),
    ),
    (
        "To keep automatic programs from filling the sessions, we count for a short time how many sign-ups and changes "
        "come from one network address, and how many emails go to one person."
    ): (
        (_FORM, _CORRECT, "POST /register/done/<token>/correct"),
        (
            f"{_STORES}test_conformance_limits.py::test_what_a_limit_has_counted_is_purged_once_the_window_is_over",
            f"{_WEB}test_attacks.py::test_one_network_floods_no_strangers_with_corrections",
        ),
    ),
    "The site’s technical logs don’t have your name or your email address.": (
        (_FORM,),
        (f"{_WEB}test_log.py::test_a_log_line_says_what_was_asked_and_nothing_about_whom",),
    ),
}
"""For each sentence, the pages and commands that do it, and the tests that show it."""

# They ask, name people, or speak of what is not ours.
CLAIMS_NOTHING = {
    "Only when you sign up for a session do we keep something about you.",
    "What you write in the sign-up form:",
    "We ask for nothing else.",
    "We don’t use it for anything else, and we don’t sell it.",
    "The trainers and the staff who prepare the sessions and run this site.",
    "The companies that host the site and carry its emails handle the data for us as part of that work.",
    "In an online meeting they may see the name you join with.",
    "Backup copies of the site’s data may last a few weeks longer, and then they are erased too.",
    "Call one of us and give the email address you signed up with.",
    "Please don’t forward that email.",
    "We don’t ask who you are.",
    "The maker of your app knows that you subscribe.",
    "If something here isn’t clear, please call us.",
}


_WITHOUT = "tests/site/test_without_sign_up.py::"
WITHOUT_SIGN_UP = {
    "You can read every page without telling us who you are.": (_EVERY_PAGE,),
    "This site asks you for nothing and keeps nothing about you.": (
        f"{_WITHOUT}test_no_page_has_a_form_to_send_or_knows_of_the_function",
    ),
    "You sign up by phone.": (f"{_WITHOUT}test_the_page_of_a_session_says_who_to_call",),
    "This site sets no cookies and uses no analytics.": (
        f"{_WITHOUT}test_no_page_has_a_form_to_send_or_knows_of_the_function",
        _EVERY_PAGE,
    ),
    "Its pages load nothing from other companies.": (f"{_WITHOUT}test_its_pages_pass_all_checks",),
    "When you subscribe to one of our calendars, your calendar app fetches a file from us.": (
        f"{_WITHOUT}test_calendars_are_there_all_the_same",
    ),
}
# They ask, or speak of what is not ours.
CLAIMS_NOTHING_WITHOUT_SIGN_UP = {
    "Ask the person you talk to what they write down about you and who sees it.",
    "If you want it corrected or erased, call one of us.",
    "We don’t ask who you are.",
    "The maker of your app knows that you subscribe.",
    "The company that hosts the site can see which network address asks for each page, as on any other site.",
    "If something here isn’t clear, please call us.",
}


SAID_OF_EACH_FIELD = {
    "session_id": "the session",
    "signed_up": "the time at which you signed up",
    "since": "the time at which you signed up",
    "state": "whether you have a seat",
    "queue_number": "are on the waiting list",
    "besides": "are on the waiting list",
    "moved_to": "moved to another date",
    "changed_by": "whether you or our team did that",
    "changed": "when anything was last changed",
    "attended": "whether you attended",
    "used_link": "whether you used the link in our email",
    "bounced": "an email to you bounced",
}
"""What the page calls what is kept of a registration, beside the person."""


def said(*, sign_up: bool = True) -> list[str]:
    """Return the sentences of the page; what has no end, as a list, is one."""
    text = fitting(read(PAGE, PAGE.name).body, sign_up=sign_up)
    blocks = [block for block in text.split("\n\n") if not block.strip().startswith("#")]
    return [one for block in blocks for one in sentences(block) or [" ".join(block.split())]]


def test_each_sentence_is_done_by_something_or_claims_nothing() -> None:
    assert sorted(said()) == sorted([*DONE_BY, *CLAIMS_NOTHING])


def test_where_people_call_each_sentence_is_shown_by_a_test_or_claims_nothing() -> None:
    assert sorted(said(sign_up=False)) == sorted([*WITHOUT_SIGN_UP, *CLAIMS_NOTHING_WITHOUT_SIGN_UP])
    tests = {test for shown in WITHOUT_SIGN_UP.values() for test in shown}
    assert {test: exists(test) for test in tests} == dict.fromkeys(tests, True)


def test_all_that_is_kept_of_a_registration_is_named() -> None:
    (added,) = [one for one in said() if one.startswith("To this we add only")]
    assert {name: words for name, words in SAID_OF_EACH_FIELD.items() if words not in added} == {}
    kept = {field.name for field in fields(Registration)} - {"person"}
    # Two name the registration in its links, and say nothing.
    assert kept - {"registration_id", "link_generation"} == SAID_OF_EACH_FIELD.keys()
    assert {field.name for field in fields(Person)} == {
        field.name for field in signup.fields(for_parents=False)
    } - {"consent"}


def test_the_pages_and_commands_that_do_it_exist(site: BuiltSite) -> None:
    there = {rule.endpoint for rule in world_of(site).app().url_map.iter_rules()}
    there |= {f"register {name}" for name in main.commands}
    there |= {*site.pages, "/calendar/all.ics"} if "calendar/all.ics" in site.files else set()
    named = {place for places, _ in DONE_BY.values() for place in places}
    assert named - there == set()


@pytest.mark.parametrize("sentence", DONE_BY)
def test_the_tests_that_show_it_exist(sentence: str) -> None:
    tests = DONE_BY[sentence][1]
    assert {test: exists(test) for test in tests} == dict.fromkeys(tests, True)
