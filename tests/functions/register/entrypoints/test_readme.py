# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line as the README shows it."""

from __future__ import annotations

import re

from tests.support.clones import give_environment
from tests.support.constants import ROOT
from tests.support.documented import in_shell, run
from tests.support.terminal import SESSION, Terminal

INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d-0[78]:00")


def test_the_roster_is_printed_as_the_readme_shows_it(terminal: Terminal) -> None:
    terminal.says(
        *("add", SESSION, "--name", "Ana Núñez", "--email", "ana@example.net"),
        *("--organization", "Yolo COE", "--role", "recruiter", "--language", "es"),
    )
    give_environment(terminal.home)
    shell = in_shell(terminal.home, REGISTER_SECRET="s" * 32, COLUMNS="200")
    printed = run(".venv/bin/register roster 2026-12-10-secondary-user", by=shell).stdout

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("register roster 2026")[2].split("```")[2].lstrip("\n")
    assert INSTANT.sub("", printed) == INSTANT.sub("", shown).replace("  person", "  staff")
