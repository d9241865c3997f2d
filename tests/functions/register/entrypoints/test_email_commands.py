# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff type about an email address: what came back, what is kept, and erasing it."""

from __future__ import annotations

import json

import pytest

from tests.support.terminal import SESSION, Terminal


def test_one_address_is_given_out_and_forgotten(terminal: Terminal) -> None:
    terminal.add("Ana")
    data = json.loads(terminal.says("export", "ana@example.net"))
    assert [one["person"]["name"] for one in data["registrations"]] == ["Ana"]

    assert terminal.run("forget", "ana@example.net", typed="n\n").exit_code == 1
    assert "Ana" in terminal.says("roster", SESSION)
    unsent = (
        "1 cancellations are still to be sent: they keep the email address and no name, and go when they are sent, "
        "or after three days\n"
    )
    assert terminal.says("forget", "ana@example.net", "--yes") == f"1 sign-ups erased\n{unsent}"
    assert "Ana" not in terminal.says("roster", SESSION)
    assert terminal.says("forget", "ana@example.net", "--yes") == f"0 sign-ups erased\n{unsent}"
    terminal.says("deliver")
    assert "nothing is kept" in terminal.says("forget", "ana@example.net", "--yes", status=1)


def test_the_doctor_is_content_and_then_tells_of_mail_that_came_back(terminal: Terminal) -> None:
    terminal.add("Ana")
    assert "!!" not in terminal.says("doctor")

    assert terminal.says("bounced", "ana@example.net", "550 no such mailbox") == "1 sign-ups marked\n"
    assert f"!! {SESSION} (confirmed): email bounced: 550 no such mailbox" in terminal.says(
        "doctor", status=1
    )
    listed = f"{SESSION}  Ana  ana@example.net  confirmed: bounced: 550 no such mailbox\n"
    assert terminal.says("failed") == listed
    assert terminal.says("failed", "--dismiss") == f"{listed}1 emails dismissed\n"
    assert terminal.says("failed") == ""
    assert "!!" not in terminal.says("doctor")


def test_mail_that_was_given_up_is_listed_tried_again_or_dismissed(terminal: Terminal) -> None:
    terminal.add("Ana")
    terminal.give_up("554 relay denied")
    listed = f"{SESSION}  Ana  ana@example.net  confirmation: 554 relay denied\n"

    assert terminal.says("failed") == listed
    assert terminal.says("failed", "--retry") == f"{listed}1 emails are due again\n"
    assert terminal.says("deliver") == "1 sent, 0 to be tried again, 0 given up\n"
    terminal.add("Ben")
    terminal.give_up("550 no such mailbox")
    assert terminal.says("failed", "--dismiss").endswith("1 emails dismissed\n")
    assert terminal.says("failed") == ""
    assert terminal.says("deliver") == "0 sent, 0 to be tried again, 0 given up\n"


@pytest.mark.parametrize("command", ["export", "forget"])
def test_an_address_is_found_however_it_is_written_and_a_stranger_is_an_error(
    terminal: Terminal, command: str
) -> None:
    terminal.add("Uli", email="uli@münchen.example")
    words = ("--yes",) if command == "forget" else ()

    assert "nothing is kept about x@example.net" in terminal.says(command, "x@example.net", *words, status=1)
    assert "that is no email address" in terminal.says(command, "Uli <uli@example.net>", *words, status=2)
    terminal.says(command, " ULI@MÜNCHEN.example ", *words)
