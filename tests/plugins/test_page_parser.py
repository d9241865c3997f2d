# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the checks look at in a page."""

from __future__ import annotations

from plugins.page_parser import StartTag, parse


def test_start_tags_are_read_with_their_attributes_and_those_within_a_label_are_told() -> None:
    page = parse("index.html", '<LABEL for=a>A <input ID="a" value="&lt;"></label><!-- <p> --><img alt>')

    assert page.elements == [
        StartTag("label", {"for": "a"}),
        StartTag("input", {"id": "a", "value": "<"}),
        StartTag("img", {"alt": ""}),
    ]
    assert page.labelled == {0, 1}


def test_the_title_is_that_of_the_page_and_no_drawing_s() -> None:
    html = "<!doctype html><title>\n A &amp; b </title><svg><title>A drawing</title></svg>"

    assert parse("index.html", html).title == "A & b"
    assert parse("index.html", "<p>None</p>").title == ""


def test_a_page_knows_its_address_in_the_folder_of_its_host() -> None:
    assert [parse(path, "", "/msix").url for path in ("index.html", "es/index.html", "404.html")] == [
        "/msix/",
        "/msix/es/",
        "/msix/404.html",
    ]
