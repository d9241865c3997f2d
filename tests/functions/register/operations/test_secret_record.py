# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether links in emails are of a secret that is gone: by which was used when, and who signed up then."""

from __future__ import annotations

from datetime import datetime

import pytest

from register.domain.model import ChangedBy
from register.operations.secret_record import dead_since, fingerprint, keep
from register.stores.errors import Damaged
from register.stores.memory import MemoryStore
from tests.support.builders import SESSION, opened, person
from tests.support.constants import HOUR, NOW

OLD, NEW = "o" * 43, "n" * 43
CHANGED = NOW.replace(microsecond=0) + 2 * HOUR


class Facts:
    """Facts in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def facts(self) -> dict[str, str]:
        return self.kept

    def keep_fact(self, name: str, value: str = "yes") -> None:
        self.kept[name] = value


@pytest.fixture
def facts() -> Facts:
    """A database that has had two secrets."""
    facts = Facts()
    for now, secrets in (
        (NOW, (OLD,)),
        (NOW + HOUR, (OLD,)),
        (CHANGED, (NEW, OLD)),
        (CHANGED + HOUR, (NEW,)),
    ):
        keep(facts, secrets, now=now)
    return facts


def people(*times: datetime) -> MemoryStore:
    """Return a store in which somebody signed up at each of these times."""
    store = MemoryStore()
    opened(store)
    for number, now in enumerate(times):
        name = f"Ana {chr(65 + number)}"
        store.sign_up(SESSION, person(name), registration_id=name, now=now)
    return store


def found(facts: Facts, store: MemoryStore, *secrets: str) -> datetime | None:
    return dead_since(facts.kept, secrets, store.roster(SESSION), now=CHANGED + 3 * HOUR)


def test_a_secret_is_kept_when_it_changes_and_cannot_be_read_from_what_is_kept(facts: Facts) -> None:
    assert list(facts.kept.values()) == [fingerprint(OLD), fingerprint(NEW)]
    assert OLD not in str(facts.kept)


def test_links_of_a_secret_that_is_gone_are_dead(facts: Facts) -> None:
    assert found(facts, people(NOW), NEW) == CHANGED
    assert found(facts, people(NOW), NEW, OLD) is None
    assert found(facts, people(CHANGED + HOUR), OLD) == CHANGED + 3 * HOUR


def test_people_who_signed_up_before_anything_was_kept_have_links_of_the_first_secret(facts: Facts) -> None:
    assert found(facts, people(NOW - 100 * HOUR), NEW) == CHANGED


def test_a_secret_may_go_when_nobody_has_a_link_of_it_any_more(facts: Facts) -> None:
    assert found(facts, people(), NEW) is None
    assert found(facts, people(CHANGED), NEW) is None
    store = people(NOW)
    store.cancel(SESSION, "Ana A", now=NOW + HOUR, by=ChangedBy.PERSON)
    assert found(facts, store, NEW) is None


def test_a_secret_that_comes_back_gives_its_links_back(facts: Facts) -> None:
    keep(facts, (OLD,), now=CHANGED + 2 * HOUR)

    assert found(facts, people(NOW), OLD) is None
    assert found(facts, people(CHANGED + HOUR), OLD) == CHANGED + 2 * HOUR


def test_before_any_server_has_run_nothing_is_dead() -> None:
    assert found(Facts(), people(NOW), NEW) is None


def test_a_fact_that_cannot_be_read_is_named() -> None:
    facts = Facts()
    facts.keep_fact("signing since then", "x")

    with pytest.raises(Damaged, match="is no date and time"):
        found(facts, people(NOW), NEW)
