# SPDX-License-Identifier: AGPL-3.0-or-later
"""One organization has one spelling, and what is not listed stays as it was typed."""

from __future__ import annotations

import pytest

from register.domain.organizations import Organizations

LISTED = ("Butte County Office of Education", "Migrant Education, Región 2")
KNOWN = Organizations(LISTED)


@pytest.mark.parametrize(
    ("typed", "spelling"),
    [
        *((name, name) for name in LISTED),
        ("butte county office of education", LISTED[0]),
        (" Butte County  Office of Education. ", LISTED[0]),
        ("MIGRANT EDUCATION – REGION 2", LISTED[1]),
    ],
)
def test_a_listed_organization_is_spelled_and_counted_as_it_is_listed(typed: str, spelling: str) -> None:
    assert (KNOWN.spelled(typed), KNOWN.listed(typed)) == (spelling, spelling)


@pytest.mark.parametrize("typed", ["Butte COE", "Migrant Education, Region 3", "other", "—"])
def test_any_other_stays_as_it_was_typed_and_is_counted_as_other(typed: str) -> None:
    assert (KNOWN.spelled(typed), KNOWN.listed(typed)) == (typed, "other")


@pytest.mark.parametrize("typed", ["", "  "])
def test_none_is_not_another_one(typed: str) -> None:
    assert (KNOWN.spelled(typed), KNOWN.listed(typed)) == (typed, "")


def test_without_a_list_all_stays_as_it_was_typed() -> None:
    assert (Organizations().spelled(LISTED[0]), Organizations().listed(LISTED[0])) == (LISTED[0], "other")


def test_of_two_that_are_the_same_the_first_is_known() -> None:
    assert Organizations(["Yolo COE", "YOLO COE"]).spelled("yolo coe") == "Yolo COE"
