# SPDX-License-Identifier: AGPL-3.0-or-later
"""A folder with a build, and the command line in it."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from register.entrypoints.command_line import main
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import claim_all

SESSION = "2026-12-10-secondary-user"
PARENTS = "2026-12-08-parents"
CLOSED = "2026-12-02-user-administrator"


class Terminal:
    """A folder with a build, and a terminal in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._runner = CliRunner()

    def run(self, *words: str, typed: str | None = None, **settings: str) -> Result:
        """Run a command; an exception that is no answer of the command line is a failure."""
        environment = {"REGISTER_HOME": str(self.home), "REGISTER_SECRET": "s" * 32, **settings}
        result = self._runner.invoke(main, [*words], env=environment, input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        # SQLite deletes it when the last connection is closed.
        assert not (self.home / "var/register.sqlite3-wal").exists()
        return result

    def says(self, *words: str, status: int = 0, **settings: str) -> str:
        """Run a command that ends with a status, and return what it prints."""
        result = self.run(*words, **settings)
        assert result.exit_code == status, result.output
        return result.output if status else result.stdout

    def add(self, name: str, session: str = SESSION, **options: str) -> str:
        """Sign somebody up."""
        given = {"email": f"{name.casefold()}@example.net", "organization": "Yolo COE", "role": "recruiter"}
        words = [part for key, value in (given | options).items() for part in (f"--{key}", value)]
        return self.says("add", session, "--name", name, *words)

    def give_up(self, problem: str) -> None:
        """Let all mail that is due be refused for good."""
        with closing(SQLiteStore(self.home / "var/register.sqlite3")) as store:
            now = datetime.now(UTC)
            for one in claim_all(store, now=now):
                store.settle_failed(one.message, now=now, problem=problem)

    def contract(self) -> dict:
        """Return the schedule that sync reads."""
        return json.loads((self.home / "build/schedule.json").read_bytes())

    def publish(self, contract: dict) -> None:
        """Put another schedule in its place."""
        (self.home / "build/schedule.json").write_text(json.dumps(contract))
