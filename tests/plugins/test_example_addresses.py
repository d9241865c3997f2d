# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is for examples alone does not reach the public."""

from __future__ import annotations

import pytest

from plugins.example_addresses import example_in

SITE = "https://trainings.example.org"


@pytest.mark.parametrize(
    ("path", "text", "named"),
    [
        ("contacts/index.html", '<a href="mailto:ana@example.org">', "ana@example.org"),
        ("contacts/ana.vcf", "EMAIL:ana@mail.example.net", "ana@mail.example.net"),
        ("calendar/all.ics", "DESCRIPTION:Write to ana@exam\r\n ple.org", "ana@example.org"),
        ("parents/index.html", '<a href="https://example.com/slides">', "example.com"),
    ],
)
def test_a_file_that_names_an_address_for_examples_is_named(path: str, text: str, named: str) -> None:
    assert example_in(path, "https://trainings.your-office.org", text.encode()) == (
        f'"{named}" is for examples alone; look for it in content/, and give an address of your own'
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("index.html", "<p>for example.org</p>"),
        ("index.html", f'<link rel="canonical" href="{SITE}/">'),
        ("site.css", "/* a@example.org */"),
    ],
    ids=["its name alone", "the site's own address, which may be one for trying out", "what nobody reads"],
)
def test_a_file_that_names_none_is_not(path: str, text: str) -> None:
    assert example_in(path, SITE, text.encode()) is None
