# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each check of the pages finds what it is there to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.page_checks import check_site

GOOD = """<!doctype html><html lang="{lang}"><head><title>A page</title>
<meta name="description" content="What it is about">
<link rel="canonical" href="https://example.org{url}">
<link rel="alternate" hreflang="en" href="https://example.org/">
<link rel="alternate" hreflang="es" href="https://example.org/es/">
<link rel="alternate" hreflang="x-default" href="https://example.org/">
</head><body><h1 id="top">A page</h1><a href="{other}#top">other</a></body></html>"""


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A small site without faults."""
    (tmp_path / "es").mkdir()
    (tmp_path / "index.html").write_text(GOOD.format(lang="en", url="/", other="/es/"))
    (tmp_path / "es/index.html").write_text(GOOD.format(lang="es", url="/es/", other="/"))
    return tmp_path


def test_a_field_within_its_label_has_one(output: Path) -> None:
    page = GOOD.format(lang="en", url="/", other="/es/")
    box = '<label><input name="a" type="checkbox" disabled> a pen</label>'
    (output / "index.html").write_text(page.replace("</h1>", f"</h1>{box}<input name='b' type='checkbox'>"))

    assert check_site(output) == ['index.html: the field "b" has no label']


def test_a_good_site_passes(output: Path) -> None:
    assert check_site(output, ["https://meet.example.org/secret"]) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (' lang="en"', "", "html has no lang"),
        ("<title>A page</title>", "<title></title>", "has no title"),
        ('content="What it is about"', 'content=""', "has no description"),
        ('<link rel="canonical" href="https://example.org/">', "", "canonical is [], not /"),
        ("<h1 id", "<h2 id", "has 0 h1"),
        ("</h1>", "</h1><h3>x</h3>", "h3 follows h1"),
        ("</h1>", '</h1><p id="top">', 'the id "top" stands 2 times'),
        ("</h1>", '</h1><input name="email">', 'the field "email" has no label'),
        ("</h1>", '</h1><img src="/es/">', 'the picture "/es/" has no alt'),
        ("<h1", '<h1 style="color:red"', "<h1> has the inline attribute style"),
        ("<h1", '<h1 onclick="x()"', "<h1> has the inline attribute onclick"),
        (
            "</h1>",
            '</h1><script src="https://cdn.example/x.js"></script>',
            "<script src> asks another origin: https://cdn.example/x.js",
        ),
        (
            "</h1>",
            '</h1><link rel="stylesheet" href="//cdn.example/x.css">',
            "<link href> asks another origin: //cdn.example/x.css",
        ),
        (
            "</h1>",
            '</h1><form action="https://elsewhere.example/">',
            "<form action> asks another origin: https://elsewhere.example/",
        ),
        ("</h1>", '</h1><a href="/nowhere/">x</a>', "the link /nowhere/ leads nowhere"),
        ("</h1>", '</h1><a href="/es/#nowhere">x</a>', "the link /es/#nowhere leads to no id"),
    ],
)
def test_a_fault_is_found_and_named(output: Path, old: str, new: str, message: str) -> None:
    page = output / "index.html"
    assert old in page.read_text()
    page.write_text(page.read_text().replace(old, new, 1))
    assert f"index.html: {message}" in check_site(output)


def test_alternates_that_are_not_mutual_are_found(output: Path) -> None:
    page = output / "es/index.html"
    page.write_text(
        page.read_text().replace('<link rel="alternate" hreflang="en"', '<link rel="none" hreflang="en"')
    )
    assert check_site(output) == [
        "es/index.html: hreflang x-default is not mutual: https://example.org/",
        "index.html: hreflang es is not mutual: https://example.org/es/",
    ]


def test_a_private_link_is_found_wherever_it_stands(output: Path) -> None:
    (output / "contacts").mkdir()
    (output / "contacts/ana.vcf").write_bytes(b"NOTE:https://meet.example.org/secret")
    assert check_site(output, ["https://meet.example.org/secret"]) == [
        "contacts/ana.vcf: holds the private link of a session"
    ]


def test_links_to_the_function_need_no_file(output: Path) -> None:
    page = output / "index.html"
    page.write_text(page.read_text().replace("</h1>", '</h1><a href="/register/link">x</a>'))
    assert check_site(output) == []


def test_a_calendar_with_a_fault_is_told_with_its_line(output: Path) -> None:
    (output / "all.ics").write_bytes(b"BEGIN:VCALENDAR\r\nVERSION 2.0\r\nEND:VCALENDAR\r\n")
    assert check_site(output) == ["all.ics:2: is no content line"]
