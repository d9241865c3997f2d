# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spanish pages are Spanish: catalogues are complete, and no English words of the interface are left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from justhtml import JustHTML

from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT

CATALOGUES = sorted((ROOT / "theme/translations/es/LC_MESSAGES").glob("*.po"))
TEMPLATES = ("**.html", "mail/**.txt")
# The same in both languages: names, and words that are spelled alike.
ALIKE = {"English", "Español", "Google Calendar", "Error:", "vCard"}


def wanted() -> set[str]:
    """Return every message id in templates and code, as Babel finds them."""
    found: set[str] = set()
    for folder in ("theme/templates", "schedule", "plugins", "functions"):
        methods = [("**.py", "python")] + [(name, "jinja2.ext:babel_extract") for name in TEMPLATES]
        options = {key: {"extensions": "jinja2.ext.i18n", "trimmed": "true"} for key in TEMPLATES}
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, methods, options):
            found.update([message] if isinstance(message, str) else message)
    return found


def translated() -> dict[str, str]:
    messages: dict[str, str] = {}
    for path in CATALOGUES:
        for message in read_po(BytesIO(path.read_bytes()), abort_invalid=True):
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string)
            assert not message.fuzzy, message.id
            messages.update(zip(ids, strings, strict=True))
    messages.pop("", None)
    return messages


def test_the_catalogues_are_complete_and_hold_nothing_that_is_no_longer_said() -> None:
    assert [path.name for path in CATALOGUES] == [
        "attendance.po",
        "calendar.po",
        "mail.po",
        "own.po",
        "roster.po",
        "signup.po",
        "staff.po",
        "staff_feed.po",
        "theme.po",
    ]
    messages = translated()
    assert {message for message in wanted() if not messages.get(message)} == set()
    assert set(messages) - wanted() == set()


def test_a_translation_keeps_the_placeholders_of_its_original() -> None:
    for message, translation in translated().items():
        assert sorted(re.findall(r"%\(\w+\)\w|\{\w+\}", translation)) == sorted(
            re.findall(r"%\(\w+\)\w|\{\w+\}", message)
        ), message


def test_no_english_words_of_the_interface_stand_on_a_spanish_page(site: BuiltSite) -> None:
    english = {
        message
        for message, translation in translated().items()
        if translation != message and message not in ALIKE and "{" not in message and "%(" not in message
    }
    left: dict[str, list[str]] = {}
    for url in site.pages:
        if url.startswith("/es/"):
            said = set(texts(JustHTML(site.read(url)).root))
            assert "Capacitaciones" in said, url
            if both := sorted(said & english):
                left[url] = both
    assert left == {}


def texts(node: Any) -> Iterator[str]:
    """Yield all that a page says below a node, attributes included, but not what it marks as English."""
    for child in node.children:
        if child.name == "#text":
            yield child.data.strip()
        elif (
            child.name not in {"script", "style", "#comment", "!doctype"} and child.attrs.get("lang") != "en"
        ):
            named = [name for name in child.attrs if name.startswith("data-")]
            yield from (
                child.attrs.get(name) or "" for name in ("aria-label", "alt", "placeholder", "title", *named)
            )
            yield from texts(child)
