# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sign-up form, once for the static page and for the function."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schedule import signup


def shape(for_parents: bool) -> list[tuple[str, str, bool]]:
    return [(field.name, field.kind, field.required) for field in signup.fields(for_parents)]


def test_staff_are_asked_for_all_that_the_trainers_need() -> None:
    assert shape(for_parents=False) == [
        ("name", "text", True),
        ("email", "email", True),
        ("organization", "text", True),
        ("role", "select", True),
        ("language", "radio", True),
        ("needs", "textarea", False),
        ("consent", "checkbox", True),
    ]


def test_parents_are_asked_for_no_role_and_need_no_organization() -> None:
    assert shape(for_parents=True) == [
        ("name", "text", True),
        ("email", "email", True),
        ("organization", "text", False),
        ("language", "radio", True),
        ("needs", "textarea", False),
        ("consent", "checkbox", True),
    ]


def test_browsers_are_told_what_they_can_fill_in() -> None:
    filled = {field.name: field.autocomplete for field in signup.fields(for_parents=False)}

    assert filled == {
        "name": "name",
        "email": "email",
        "organization": "organization",
        "role": "organization-title",
        "language": None,
        "needs": None,
        "consent": None,
    }


def test_the_organization_reads_alike_for_everyone() -> None:
    asked = {field.name: field for field in signup.fields(for_parents=True)}[signup.ORGANIZATION.name]

    assert (asked.label, asked.hint, asked.autocomplete) == (
        signup.ORGANIZATION.label,
        signup.ORGANIZATION.hint,
        signup.ORGANIZATION.autocomplete,
    )


@pytest.mark.parametrize("fields", [signup.fields, signup.details])
def test_staff_are_offered_the_listed_organizations_and_parents_are_not(
    fields: Callable[[bool], tuple[signup.Field, ...]],
) -> None:
    assert [field.name for field in fields(False) if field.offers] == ["organization"]
    assert [field.name for field in fields(True) if field.offers] == []


def test_fields_that_people_do_not_see_have_names_of_their_own() -> None:
    hidden = {signup.HONEYPOT, signup.PAGE_LANGUAGE}
    seen = {field.name for field in signup.fields(for_parents=False)}

    assert len(hidden) == 2
    assert hidden & seen == set()


def test_the_last_role_is_for_those_who_find_none() -> None:
    assert list(signup.ROLES) == [
        "records-clerk",
        "recruiter",
        "counselor",
        "teacher",
        "health",
        "administrator",
        "other",
    ]


def test_a_form_full_of_accented_letters_fits_into_the_limit_of_its_bytes() -> None:
    typed = [
        field for field in signup.fields(for_parents=False) if field.kind in {"text", "email", "textarea"}
    ]
    percent_encoded = len("%C3%B1")

    assert len(typed) == 4
    assert len(typed) * signup.FIELD_LIMIT * percent_encoded <= signup.BODY_LIMIT
