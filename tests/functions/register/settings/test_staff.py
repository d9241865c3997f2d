# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of staff: what it says, what is wrong with it, and that it is read again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from register.domain.errors import ConfigError, RegisterError
from register.domain.staff import StaffEmail, StaffMember, member_of
from register.settings import aws_parameters
from register.settings.staff import FOR_PREVIEW, StaffList, from_file, parsed
from schedule.model import Language
from tests.support.constants import NOW

LIST = """
[[staff]]
email = "Office@example.org"
language = "en"
emails = ["needs", "roster", "daily", "problems"]

[[staff]]
email = "trainer@example.org"
trainer = "yecenia-ocampo"
language = "es"
emails = ["needs", "roster"]
"""
OFFICE = StaffMember("Office@example.org", emails=frozenset(StaffEmail))
TRAINER = StaffMember(
    "trainer@example.org",
    "yecenia-ocampo",
    Language.SPANISH,
    frozenset({StaffEmail.NEEDS, StaffEmail.ROSTER}),
)


def test_the_list_says_who_is_staff_what_they_see_and_what_they_are_told() -> None:
    assert parsed(LIST, "staff.toml") == (OFFICE, TRAINER)
    assert parsed('[[staff]]\nemail = "a@example.org"\n', "staff.toml") == (StaffMember("a@example.org"),)
    assert parsed("", "staff.toml") == ()


def test_somebody_is_found_by_the_address_however_it_is_written() -> None:
    assert member_of((OFFICE, TRAINER), " OFFICE@EXAMPLE.ORG ") == OFFICE
    assert member_of((OFFICE, TRAINER), "trainer+1@example.org") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[[staff]]\nemail = office@example.org",
            (
                "Invalid value (at line 2, column 9); begin each entry with [[staff]], "
                'and below it email = "office@your-office.org"'
            ),
        ),
        (
            '[[stuff]]\nemail = "a@example.org"',
            (
                "only entries stand in it; begin each entry with [[staff]], "
                'and below it email = "office@your-office.org"'
            ),
        ),
        (
            'staff = ["a@example.org"]',
            (
                "entry 1: it is no entry; begin each entry with [[staff]], "
                'and below it email = "office@your-office.org"'
            ),
        ),
        (
            '[[staff]]\ntrainer = "ana"',
            'entry 1: email is missing; write one, as "office@your-office.org"',
        ),
        (
            '[[staff]]\nemail = "a@example.org"\n[[staff]]\nemail = "Ana <b@example.org>"',
            'entry 2: email is no email address; write one, as "office@your-office.org"',
        ),
        (
            '[[staff]]\nemail = "a@example.org"\nrole = "admin"',
            "entry 1: role is not known; there are email, trainer, language, emails",
        ),
        (
            '[[staff]]\nemail = "a@example.org"\ntrainer = ""',
            'entry 1: trainer is ""; write the name of the file in content/trainers/',
        ),
        (
            '[[staff]]\nemail = "a@example.org"\nlanguage = "fr"',
            'entry 1: language is "fr"; write "en" or "es"',
        ),
        (
            '[[staff]]\nemail = "a@example.org"\nemails = "needs"',
            'entry 1: emails is "needs"; write a list, as ["needs", "roster"]',
        ),
        (
            '[[staff]]\nemail = "a@example.org"\nemails = ["needs", 7]',
            ('entry 1: emails is 7; write "needs" or "roster" or "daily" or "problems"'),
        ),
        (
            '[[staff]]\nemail = "a@example.org"\ntrainer = "ana"\nemails = ["problems"]',
            ('entry 1: emails holds "problems", which go to the office; leave it out, or leave trainer out'),
        ),
        (
            '[[staff]]\nemail = "a@example.org"\n[[staff]]\nemail = "A@example.org"',
            "entry 2: entry 1 has this email address, too; leave one of the two out",
        ),
    ],
)
def test_what_is_wrong_is_named_by_file_entry_and_key_with_what_to_do_and_names_nobody(
    text: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(text, "var/staff.toml")

    assert str(caught.value) == f"var/staff.toml: {message}"
    assert "example.org" not in str(caught.value)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


def test_whoever_is_taken_off_the_list_is_staff_for_a_minute_at_most(tmp_path: Path) -> None:
    file, clock = tmp_path / "staff.toml", Clock()
    file.write_text(LIST)
    staff = from_file(file, clock)
    assert staff() == (OFFICE, TRAINER)

    file.write_text('[[staff]]\nemail = "Office@example.org"\n')
    clock.now += timedelta(seconds=59)
    before = staff()
    clock.now += timedelta(seconds=1)

    assert (before, staff()) == ((OFFICE, TRAINER), (StaffMember("Office@example.org"),))


def test_a_clock_that_is_set_back_keeps_nobody_on_the_list(tmp_path: Path) -> None:
    file, clock = tmp_path / "staff.toml", Clock()
    file.write_text(LIST)
    staff = from_file(file, clock)
    staff()

    file.unlink()
    clock.now -= timedelta(days=1)

    assert staff() == ()


def test_a_list_that_has_become_wrong_makes_nobody_staff_until_it_is_mended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, clock = tmp_path / "staff.toml", Clock()
    file.write_text(LIST)
    staff = from_file(file, clock)
    staff()

    file.write_bytes(b'[[staff]]\nemail = "\xff"')
    clock.now += timedelta(minutes=1)
    assert (staff(), staff()) == ((), ())
    [line] = [record.getMessage() for record in caplog.records]
    assert line == (
        f"nobody is staff until this is fixed: {file} cannot be read (UnicodeDecodeError); "
        'begin each entry with [[staff]], and below it email = "office@your-office.org"'
    )
    with pytest.raises(ConfigError):
        staff.members()

    file.write_text(LIST)
    clock.now += timedelta(minutes=1)
    assert staff() == (OFFICE, TRAINER)


def test_without_a_list_nobody_is_staff_but_in_a_preview(tmp_path: Path) -> None:
    assert from_file(tmp_path / "none", Clock())() == ()
    assert from_file(tmp_path / "none", Clock(), FOR_PREVIEW)() == (
        StaffMember("office@example.org", emails=frozenset(StaffEmail)),
    )


def test_an_error_of_ssm_is_not_taken_for_an_empty_list() -> None:
    def read() -> str:
        raise aws_parameters.ParameterError("/msix/staff", "ThrottlingException")

    staff = StaffList("SSM parameter /msix/staff", read, Clock())

    with pytest.raises(RegisterError, match="SSM parameter /msix/staff: ThrottlingException"):
        staff.members()
    assert staff() == ()
