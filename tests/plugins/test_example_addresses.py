# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is for examples alone does not reach the public."""

from __future__ import annotations

import pytest

from plugins.example_addresses import examples_in

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
    files = {path: text.encode(), "index.html": b"<p>for example.org</p>"}

    assert list(examples_in(files, "https://trainings.your-office.org")) == [
        f'{path}: "{named}" is for examples alone; look for it in content/, and give an address of your own'
    ]


def test_the_site_s_own_address_may_be_one_for_trying_out() -> None:
    files = {
        "index.html": f'<link rel="canonical" href="{SITE}/">'.encode(),
        "site.css": b"/* a@example.org */",
    }

    assert list(examples_in(files, SITE)) == []
