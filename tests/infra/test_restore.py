# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage's table is made as it was: who was canceled is back, and nobody gets an email twice."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from infra.restore import main, read
from register.domain.model import ChangedBy, Kind, State
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.builders import person, terms
from tests.support.constants import NOW
from tests.support.documented import run_section
from tests.support.dynamodb_engine import in_process

ONE = "2026-12-03-overview"
MINUTE = timedelta(minutes=1)
CONFIRMATION = Kind.CONFIRMATION


@dataclass
class Stage:
    """A table, and the one that its earlier state was restored to."""

    store: DynamoDBStore
    client: Any
    restored: str

    @property
    def table(self) -> str:
        return self.store.table.name

    def sign_up(self, name: str, minutes: int) -> None:
        self.store.sign_up(ONE, person(name), registration_id=f"rid-{name}", now=NOW + minutes * MINUTE)

    def keep(self) -> None:
        """Let what there is now be what was restored."""
        for item in read(self.client, self.table).values():
            self.client.put_item(TableName=self.restored, Item=item)

    def send(self, minutes: int) -> dict[tuple[str, Kind], int]:
        """Send all that is due; return the number of each email, by whom it is for and what it is."""
        sent, now = {}, NOW + minutes * MINUTE
        while (taken := self.store.claim(now=now, lease=MINUTE)) is not None:
            self.store.settle_sent(taken.message, now=now)
            sent[taken.message.name, taken.message.kind] = taken.message.number
        return sent

    def people(self) -> list[tuple[str, State]]:
        return [(one.person.name, one.state) for one in self.store.roster(ONE)]


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A session of two seats with Ana, who has her email, and Bea, whose email is due."""
    engine = in_process()
    client = engine.client()
    made = Stage(engine.store(), client, engine.table())
    made.store.sync_session(terms(ONE, capacity=2), None, expected=None)
    made.sign_up("Ana", 0)
    made.send(1)
    made.sign_up("Bea", 2)
    made.keep()
    yield made
    client.close()


def test_who_was_canceled_is_back_and_who_came_since_is_gone(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.store.cancel(ONE, "rid-Ana", now=NOW + 3 * MINUTE, by=ChangedBy.STAFF)
    stage.sign_up("Cleo", 4)
    assert stage.people() == [("Bea", State.CONFIRMED), ("Cleo", State.CONFIRMED), ("Ana", State.CANCELLED)]

    assert main([stage.restored, stage.table], stage.client) == 0

    assert stage.people() == [("Ana", State.CONFIRMED), ("Bea", State.CONFIRMED)]
    occupancy = stage.store.session(ONE)
    assert (occupancy.confirmed, occupancy.waiting) == (2, 0)
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"{stage.table} is as {stage.restored} was. Now run register sync, and register doctor."
    )
    # It goes on from there: the session is full, and somebody waits.
    stage.sign_up("Dan", 5)
    assert stage.people()[-1] == ("Dan", State.WAITLISTED)


def test_nobody_gets_an_email_twice_and_numbers_never_fall(stage: Stage) -> None:
    stage.store.cancel(ONE, "rid-Ana", now=NOW + 3 * MINUTE, by=ChangedBy.STAFF)
    stage.sign_up("Cleo", 4)
    before = stage.send(5)
    assert [*before] == [("Bea", CONFIRMATION), ("Ana", Kind.CANCELLATION), ("Cleo", CONFIRMATION)]

    main([stage.restored, stage.table], stage.client)

    assert stage.send(6) == {}
    # Sooner than before, as where a clock was set back: numbers go by the clock, but never down.
    stage.store.cancel(ONE, "rid-Ana", now=NOW + 2.5 * MINUTE, by=ChangedBy.STAFF)
    stage.store.sign_up(ONE, person("Cleo"), registration_id="rid-Cleo-again", now=NOW + 3.5 * MINUTE)
    after = stage.send(9)
    assert [*after] == [("Ana", Kind.CANCELLATION), ("Cleo", CONFIRMATION)]
    assert [after[each] > before[each] for each in after] == [True, True]


def test_what_was_undone_before_its_email_went_out_is_told_to_nobody(stage: Stage) -> None:
    stage.store.cancel(ONE, "rid-Ana", now=NOW + 3 * MINUTE, by=ChangedBy.STAFF)

    main([stage.restored, stage.table], stage.client)

    assert [*stage.send(5)] == [("Bea", CONFIRMATION)]


def test_an_email_that_was_sent_so_long_ago_that_it_is_gone_is_not_sent_again(stage: Stage) -> None:
    stage.send(5)
    for pk, sk in [key for key in read(stage.client, stage.table) if key[0].startswith("O#")]:
        stage.client.delete_item(TableName=stage.table, Key={"pk": {"S": pk}, "sk": {"S": sk}})

    main([stage.restored, stage.table], stage.client)

    assert stage.send(6) == {}


def test_in_the_table_of_a_new_stage_emails_that_were_due_are_due(stage: Stage) -> None:
    new = Stage(in_process().store(), stage.client, stage.restored)

    assert main([new.restored, new.table], new.client) == 0

    assert new.people() == [("Ana", State.CONFIRMED), ("Bea", State.CONFIRMED)]
    assert [*new.send(3)] == [("Bea", CONFIRMATION)]


def test_done_again_it_changes_nothing(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.store.cancel(ONE, "rid-Ana", now=NOW + 3 * MINUTE, by=ChangedBy.STAFF)
    main([stage.restored, stage.table], stage.client)
    before = read(stage.client, stage.table)
    capsys.readouterr()

    assert main([stage.restored, stage.table], stage.client) == 0

    assert read(stage.client, stage.table) == before
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.sign_up("Cleo", 4)
    before = read(stage.client, stage.table)

    assert main([stage.restored, stage.table, "--dry-run"], stage.client) == 0

    assert read(stage.client, stage.table) == before
    assert capsys.readouterr().out.splitlines() == [
        "identities: 0 written, 1 deleted",
        "messages: 0 written, 1 deleted",
        "others: 1 written, 0 deleted",
        "places in a line: 0 written, 1 deleted",
        "registrations: 0 written, 1 deleted",
        "sessions: 1 written, 0 deleted",
        "Nothing was changed.",
    ]


def test_the_two_tables_in_the_wrong_order_or_misspelled_change_nothing(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = in_process().table()
    assert main([empty, stage.table], stage.client) == 1
    assert capsys.readouterr().err == (
        f"{empty} has no sessions; name the restored table first, then the stage's\n"
    )

    assert main(["no-such-table", stage.table], stage.client) == 1
    assert capsys.readouterr().err.endswith(
        "; check the tables' names, the account and the region, and run it again\n"
    )
    assert stage.people() == [("Ana", State.CONFIRMED), ("Bea", State.CONFIRMED)]


def test_the_guide_looks_first_and_then_does_it(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.sign_up("Cleo", 4)
    seen: list[tuple[int, list[tuple[str, State]]]] = []

    def by(text: str) -> None:
        words = shlex.split(text)
        assert words[:3] == [".venv/bin/python", "-m", "infra.restore"]
        seen.append((main(words[3:], stage.client), stage.people()))

    run_section(
        "infra/account.md", "Restoring", by, words={"NEW_NAME": stage.restored, "TABLE_NAME": stage.table}
    )

    both = [("Ana", State.CONFIRMED), ("Bea", State.CONFIRMED)]
    assert seen == [(0, [*both, ("Cleo", State.WAITLISTED)]), (0, both)]
    assert "Nothing was changed." in capsys.readouterr().out
