# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of infra/machine/ against what they speak of: the program, the documents and the policies of pages."""

from __future__ import annotations

import re
import shlex
import subprocess
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from register.entrypoints.command_line import main
from schedule.editor_policy import EDITOR_POLICY
from schedule.page_headers import PAGES, POLICY
from tests.support.constants import ROOT
from tests.support.fronts import CADDY, FRONTS, MACHINE, PASSED_ON, SERVED

SERVICES = sorted(MACHINE.glob("*.service"))
SCRIPTS = ("install", "publish", "register")


def unit(file: Path) -> ConfigParser:
    """Return what a unit says; what it says more than once, as the last time."""
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read_string(file.read_text())
    return parser


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_service_starts_what_is_there_as_a_user_of_its_own(file: Path) -> None:
    service = unit(file)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    if program == "/srv/msix/.venv/bin/register":
        # Raises UsageError for a command or an option that is not there.
        with click.Context(main) as context:
            name, command, rest = main.resolve_command(context, arguments)
            assert command is not None
            command.make_context(name, list(rest), parent=context)
    else:
        own = ROOT / Path(program).relative_to("/srv/msix")
        assert (own.stat().st_mode & 0o111, arguments) == (0o111, [])
    assert (service["User"], service["WorkingDirectory"]) == ("msix", "/srv/msix")


def test_each_timer_has_its_service_and_is_named_in_the_manual() -> None:
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for timer in MACHINE.glob("*.timer"):
        assert timer.with_suffix(".service") in SERVICES
        assert timer.name in manual
    for service in SERVICES:
        assert service.stem in manual


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_one_of_any_shell(name: str) -> None:
    file = MACHINE / name
    assert (file.read_text().splitlines()[0], file.stat().st_mode & 0o111) == ("#!/bin/sh", 0o111)
    subprocess.run(["sh", "-n", file], check=True)


def test_the_manual_names_each_front() -> None:
    manual = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for name in FRONTS:
        assert f"[infra/machine/{name}](../infra/machine/{name})" in manual


def test_nginx_sends_with_files_what_the_program_sends_with_them() -> None:
    text = (MACHINE / SERVED).read_text(encoding="utf-8")
    (policies,) = re.findall(r"map \$uri \$msix_policy \{\n(.*?)\n\}", text, re.DOTALL)
    assert re.findall(r'(?m)^ +(\S+) "([^"]*)";', policies) == [
        ("default", POLICY),
        ('"~^/(es/)?edit/"', EDITOR_POLICY),
    ]
    (files,) = re.findall(r"location / \{\n        try_files(.*?)\n    \}", text, re.DOTALL)
    assert (
        dict(PAGES).items()
        <= {
            name: value.strip('"').replace("$msix_policy", POLICY)
            for name, value in re.findall(r"add_header (\S+) (\S+?)(?: always)?;", files)
        }.items()
    )


def test_both_configurations_of_nginx_are_one_but_for_the_files() -> None:
    passed_on, served = ((MACHINE / name).read_text().splitlines()[1:] for name in (PASSED_ON, SERVED))
    assert [line for line in passed_on if line not in served] == [
        "    gzip_types text/css text/javascript text/calendar;"
    ]


def test_every_front_says_the_same_of_a_program_that_is_away() -> None:
    words = [
        re.sub(r"\\n|\n", " ", re.findall(r'"(This site cannot [^"]*)"', (MACHINE / name).read_text())[0])
        for name in (CADDY, PASSED_ON, SERVED)
    ]
    assert len(set(words)) == 1
