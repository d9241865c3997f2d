# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who starts the server, and the doctor, are told who is staff, and what is wrong with the list of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from register.bootstrap import Application
from register.domain.errors import ConfigError
from register.entrypoints.staff_lines import findings, start_line
from register.operations.doctor import Finding
from register.settings import config
from register.settings.staff import FOR_PREVIEW
from tests.support.built_site import BuiltSite

LIST = """
[[staff]]
email = "office@your-office.org"

[[staff]]
email = "trainer@your-office.org"
trainer = "yecenia-ocampo"
"""


def wired(home: Path, text: str | None = None, *, preview: bool = False, **environment: str) -> Application:
    """Return a function whose list of staff holds a text."""
    if text is not None:
        (home / "var").mkdir()
        (home / "var/staff.toml").write_text(text)
    settings = config.read({"REGISTER_SECRET": "s" * 32, **environment}, home)
    return Application(settings, staff_without_list=FOR_PREVIEW if preview else ())


def test_a_preview_without_a_list_says_how_to_sign_in(tmp_path: Path) -> None:
    assert start_line(wired(tmp_path, preview=True)) == (
        "Staff: http://localhost:8000/register/staff/, sign in as office@example.org; the email lands in var/mail"
    )
    by_smtp = wired(tmp_path, preview=True, REGISTER_MAIL="smtp://localhost:2525")
    assert (
        start_line(by_smtp) == "Staff: http://localhost:8000/register/staff/, sign in as office@example.org"
    )


def test_without_a_list_nobody_is_staff_and_the_start_says_so(tmp_path: Path) -> None:
    application = wired(tmp_path)

    assert start_line(application) == (
        f"Staff: nobody, since {tmp_path}/var/staff.toml lists nobody; docs/operations.md says how"
    )
    assert findings(application) == [Finding(f"staff: nobody; {tmp_path}/var/staff.toml lists nobody")]


def test_with_a_list_it_is_counted(tmp_path: Path) -> None:
    application = wired(tmp_path, LIST, preview=True)

    assert start_line(application) == "Staff: http://localhost:8000/register/staff/, 2 people"
    assert findings(application) == [Finding("staff: 2 people")]


def test_a_wrong_list_is_an_error_at_the_start_and_trouble_for_the_doctor(tmp_path: Path) -> None:
    application = wired(tmp_path, '[[staff]]\nemail = "office"\n')
    words = (
        f"{tmp_path}/var/staff.toml: entry 1: email is no email address; write one, as "
        '"office@your-office.org"'
    )

    with pytest.raises(ConfigError) as caught:
        start_line(application)
    assert str(caught.value) == words
    assert findings(application) == [Finding(f"staff: nobody, until this is fixed: {words}", trouble=True)]


def test_the_doctor_knows_who_is_no_trainer_where_the_site_was_built(tmp_path: Path, site: BuiltSite) -> None:
    text = LIST.replace("yecenia-ocampo", "yesenia-ocampo")
    application = wired(tmp_path, text, REGISTER_BUILD=str(site.private))

    assert findings(application) == [
        Finding("staff: 2 people"),
        Finding(
            'staff: trainer@your-office.org: "yesenia-ocampo" is no trainer; write the name of the file in '
            "content/trainers/",
            trouble=True,
        ),
    ]
