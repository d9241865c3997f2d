# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator does with a machine that runs: each command of the guide, on the machine of test_one_machine.py."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.support.debian_root import Machine, commit
from tests.support.documented import run, run_section

DATABASE = "/srv/msix/var/register.sqlite3"
PROGRAM = "functions/register/__init__.py"


def answered(made: Machine) -> Callable[[str], str]:
    """Return what runs a command on the machine and says yes to what it asks."""
    return lambda text: made.sh(f"{text} <<< y" if " restore " in text else text)


def still_knows_her(made: Machine, own_page: Callable[[], str]) -> None:
    """The link in the email that came first opens what was signed up for."""
    page = own_page()
    assert "Ana Núñez" in page, f"{page}\n{made.logs()}"


def a_backup_is_restored(made: Machine, own_page: Callable[[], str]) -> None:
    """Whoever was signed up is, and the doctor is content."""
    run("register backup --keep 14 /var/backups/msix", by=made.sh)
    run_section("docs/operations.md", "Restore", by=answered(made))
    still_knows_her(made, own_page)
    assert run("register doctor --quiet", by=made.sh) == ""


def it_moves_to_another_machine(made: Machine, own_page: Callable[[], str]) -> None:
    """The backup brings all that is needed, so that links in emails work there."""
    settings = made.file("/srv/msix/register.env")
    known = settings.read_text()
    run("systemctl disable --now msix-register msix-publish.timer msix-backup.timer", by=made.sh)
    run("register backup /var/backups/msix", by=made.sh)

    # So it is on a machine where nothing but the installation was done, and root has copied the backup.
    made.sh("rm --recursive /srv/msix/var; install -d -o msix -g msix -m 0700 /srv/msix/var")
    settings.write_text(re.sub("REGISTER_SECRET=.*", f"REGISTER_SECRET={'n' * 43}", known))
    made.sh("chown --recursive root: /var/backups/msix")
    made.sh("chown msix: /var/backups/msix")
    run("chown msix: /var/backups/msix/*.tar", by=made.sh)
    run("register restore --settings /var/backups/msix", by=answered(made))
    assert settings.read_text() == known
    made.sh("systemctl start msix-publish msix-register")
    still_knows_her(made, own_page)


def a_new_version_comes_and_goes(made: Machine, own_page: Callable[[], str]) -> None:
    """Also one that stores sign-ups in another way, which the version before cannot read."""
    office = made.file("/srv/office.git")
    program = (office / PROGRAM).read_text()
    run("register backup /var/backups/msix/before-upgrade", by=made.sh)
    (office / PROGRAM).write_text(f"{program}# A newer one.\n")
    commit(office)
    run("systemctl start msix-publish", by=made.sh)
    run("register doctor", by=made.sh)
    made.sh(
        f"cd /srv/msix; .venv/bin/python -c \"import sqlite3; sqlite3.connect('{DATABASE}').execute('PRAGMA user_version=99')\""
    )

    (office / PROGRAM).write_text(program)
    commit(office)
    run("systemctl start msix-publish", by=lambda text: made.start(text, status=1))
    assert "has schema 99, this program knows" in made.logs()
    run("systemctl stop msix-register msix-backup.timer", by=made.sh)
    run("register restore /var/backups/msix/before-upgrade", by=answered(made))
    run("systemctl start msix-publish", by=made.sh)
    run("systemctl start msix-register msix-backup.timer", by=made.sh)
    still_knows_her(made, own_page)
