# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people may write into the form, and what each mistake is answered with."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from register.domain.model import Person
from register.domain.organizations import Organizations
from register.web.forms import BadEmail, Entered, FieldProblem, SignUpForms, clean_email
from schedule.model import Language
from schedule.signup import FIELD_LIMIT, NAME_LIMIT
from tests.support.visitors import FILLED_IN

LISTED = "Condado de Muestra, Oficina de Educación"
FORMS = SignUpForms(Organizations([LISTED]))


def entered(*, for_parents: bool = False, **changes: Any) -> Entered:
    values = MultiDict({name: value for name, value in (FILLED_IN | changes).items() if value is not None})
    return FORMS.read(values, for_parents=for_parents)


def problems(**changes: Any) -> dict[str, str]:
    """Return the messages in English."""
    return {name: one.text(lambda said: said) for name, one in entered(**changes).problems.items()}


def person(**changes: Any) -> Person:
    read = entered(**changes)
    assert read.problems == {}
    assert read.person is not None
    return read.person


def test_a_good_form_gives_a_person() -> None:
    assert entered() == Entered(
        Person(
            name="Ana Núñez",
            email="ana@example.org",
            organization="Yolo County Office of Education",
            role="recruiter",
            language=Language.SPANISH,
            needs="",
        )
    )


def test_parents_need_no_organization_and_have_no_role() -> None:
    assert person(for_parents=True, organization="", role=None) == Person(
        "Ana Núñez", "ana@example.org", "", "", Language.SPANISH
    )
    assert person(for_parents=True, role="teacher").role == ""


@pytest.mark.parametrize("for_parents", [False, True])
@pytest.mark.parametrize(
    "typed",
    [LISTED, "condado de muestra oficina de educacion", " CONDADO DE MUESTRA — OFICINA DE EDUCACIÓN. "],
)
def test_a_listed_organization_is_spelled_as_it_is_listed(typed: str, for_parents: bool) -> None:
    assert person(organization=typed, for_parents=for_parents).organization == LISTED
    corrected = FORMS.read_details(MultiDict(FILLED_IN | {"organization": typed}), for_parents=for_parents)
    assert corrected.person == person(organization=LISTED, for_parents=for_parents)


@pytest.mark.parametrize("empty", [None, "", "  \t "])
def test_what_is_missing_is_asked_for_in_the_order_of_the_fields(empty: str | None) -> None:
    names = ("name", "email", "organization", "role", "language", "needs", "consent")
    found = problems(**dict.fromkeys(names, empty))

    assert list(found.items()) == [
        ("name", "Enter your full name."),
        ("email", "Enter your email address."),
        ("organization", "Enter the name of your district, school or agency."),
        ("role", "Choose your role. If none fits, choose “Other”."),
        ("language", "Choose the language of your emails."),
        (
            "consent",
            "Check the box to agree that we keep these details. We can’t sign you up without them.",
        ),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Madonna",
        "O’Brien-Núñez",
        "D'Angelo Smith Jr.",
        "李小龍",
        "Ольга Петрова",
        "محمد علي",
        "नरेन्द्र",
        "علی‌رضا",  # with a zero-width non-joiner
        "Ngũgĩ wa Thiong’o",
        "ᏣᎳᎩ",
        "José",  # with a combining accent
    ],
)
def test_names_in_any_script_are_fine(name: str) -> None:
    assert person(name=name).name == name


def test_spaces_around_and_within_a_name_are_tidied() -> None:
    assert person(name="  Ana   María  Núñez ").name == "Ana María Núñez"


@pytest.mark.parametrize("name", [".", "---", "123", "\u200b", "\u2060", "🙂"])
def test_a_name_has_a_letter(name: str) -> None:
    assert problems(name=name) == {"name": "Enter your full name."}


BAD_NAME = (
    "Write your name in letters. Periods, commas, hyphens and apostrophes are fine, but no numbers or other symbols: "
    "write III for 3rd."
)


@pytest.mark.parametrize(
    "name",
    ["Win at https://example.org", "ana@example.org", "Call 900 555 0199", "John Smith 3rd", "=?utf-8?q?x?="],
)
def test_a_name_is_no_message_that_we_would_send_to_strangers(name: str) -> None:
    assert problems(name=name) == {"name": BAD_NAME}


def test_a_web_address_is_taken_apart() -> None:
    assert person(name="WWW.example.org for all").name == "WWW. example. org for all"


@pytest.mark.parametrize("field", ["name", "email", "organization"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_one_line_fields_take_no_line_breaks(field: str, end: str) -> None:
    label = {
        "name": "Your full name",
        "email": "Your email address",
        "organization": "Your organization",
    }[field]

    assert problems(**{field: f"a@example.org{end}Bcc: b@example.org"}) == {
        field: f"“{label}”: write this on one line."
    }


@pytest.mark.parametrize("field", ["name", "organization", "needs"])
@pytest.mark.parametrize(
    "sign", ["\0", "\x07", "\x1b", "\x7f", "\x9f", "\ufffd", "\u202e", "\u2066", "\ue000"]
)
def test_control_characters_and_what_turns_text_around_are_refused(field: str, sign: str) -> None:
    found = problems(**{field: f"An{sign}a"})

    assert list(found) == [field]
    assert found[field].endswith(
        ": type this again. It has a character that we can’t use, which can happen when you paste text."
    )


@pytest.mark.parametrize("field", ["name", "organization"])
def test_a_tab_is_for_text_of_several_lines_alone(field: str) -> None:
    assert list(problems(**{field: "Ana\tNúñez"})) == [field]


def test_needs_may_have_lines_which_count_as_browsers_count_them() -> None:
    assert person(needs=" A ramp\r\nand\rcaptions\t! ").needs == "A ramp\nand\ncaptions\t!"
    assert person(needs="a\r\n" * 99 + "bc").needs.count("\n") == 99


@pytest.mark.parametrize(
    ("field", "limit"), [("name", NAME_LIMIT), ("organization", 200), ("needs", FIELD_LIMIT)]
)
def test_a_field_holds_two_hundred_characters_and_a_name_eighty(field: str, limit: int) -> None:
    assert problems(**{field: "ñ" * limit}) == {}
    for many in (limit + 1, 10_000):
        assert problems(**{field: "ñ" * many})[field].endswith(f": use at most {limit} characters.")


def test_a_name_that_grows_too_long_by_its_blanks_is_refused() -> None:
    assert problems(name="a." * 40) == {"name": "“Your full name”: use at most 80 characters."}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" ana@example.org ", "ana@example.org"),
        ("Ana.Nunez+msix@Example.ORG", "Ana.Nunez+msix@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("ana@señal.example.org", "ana@xn--seal-hqa.example.org"),
    ],
)
def test_an_address_is_kept_as_it_can_be_sent_to(written: str, kept: str) -> None:
    assert person(email=written).email == kept


@pytest.mark.parametrize(
    "written",
    [
        "ana",
        "ana@",
        "@example.org",
        "ana@example",
        "ana@example..org",
        "ana@example.org, bob@example.org",
        "ana@example.org bob@example.org",
        "Ana <ana@example.org>",
        "ana@localhost",
        "ana@[127.0.0.1]",
        '"ana nunez"@example.org',
        "ñandú@example.org",
        "=?utf-8?q?ana?=@example.org",
        "a" * 65 + "@example.org",
    ],
)
def test_what_is_no_address_is_answered_with_an_example_of_one(written: str) -> None:
    assert problems(email=written) == {"email": "Enter an email address like name@example.org."}
    with pytest.raises(BadEmail):
        clean_email(written)


@pytest.mark.parametrize("role", ["Recruiter", "boss", "recruiter\n x"])
def test_a_role_is_one_of_the_list(role: str) -> None:
    assert list(problems(role=role)) == ["role"]


@pytest.mark.parametrize("language", ["fr", "EN", "english"])
def test_a_language_is_one_of_ours(language: str) -> None:
    assert list(problems(language=language)) == ["language"]


def test_of_a_field_that_is_sent_twice_the_first_one_counts() -> None:
    values = MultiDict([*FILLED_IN.items(), ("name", "Somebody Else"), ("email", "else@example.org")])
    read = FORMS.read(values, for_parents=False)

    assert read.person is not None
    assert (read.person.name, read.person.email) == ("Ana Núñez", "ana@example.org")


def test_messages_are_translated_with_the_label_in_them() -> None:
    spanish = {"“{field}”: use at most {limit} characters.": "«{field}»: {limit}", "Your role": "Su función"}
    problem = FieldProblem("“{field}”: use at most {limit} characters.", "Your role")

    assert problem.text(lambda said: spanish.get(said, said)) == "«Su función»: 200"


def test_the_form_for_lost_mails_asks_for_the_address_alone() -> None:
    assert FORMS.read_email(MultiDict({"email": " Ana@Example.org"})) == "Ana@example.org"
    assert FORMS.read_email(MultiDict({"email": "x"})) == FieldProblem(
        "Enter an email address like name@example.org."
    )
    assert FORMS.read_email(MultiDict()) == FieldProblem("Enter your email address.")


@given(st.dictionaries(st.sampled_from(list(FILLED_IN)), st.text()), st.booleans())
def test_whatever_is_sent_is_read_or_refused_and_what_is_kept_is_one_line_of_text(
    changes: dict[str, str], for_parents: bool
) -> None:
    read = entered(for_parents=for_parents, **changes)

    assert (read.person is None) == bool(read.problems)
    if read.person is not None:
        for text in (read.person.name, read.person.email, read.person.organization):
            assert len(text) <= FIELD_LIMIT
            assert len(text.splitlines()) <= 1
            assert "\0" not in text
