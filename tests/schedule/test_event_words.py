# SPDX-License-Identifier: AGPL-3.0-or-later
"""How events are sorted and colored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schedule.event_words import COLORS, categories, color
from schedule.model import Format, Language, Readers, Session
from tests.support.calendars import english, in_feed, lines, spanish, strictly_read
from tests.support.constants import ROOT
from tests.support.schedules import OVERVIEW, session

FOR_PARENTS = replace(OVERVIEW, readers=Readers.PARENTS)


@pytest.mark.parametrize(
    ("one", "in_english", "in_spanish"),
    [
        (
            session(language=Language.ENGLISH, format=Format.IN_PERSON),
            ["MSIX overview", "English", "In person", "For staff"],
            ["Panorama de MSIX", "inglés", "Presencial", "Para el personal"],
        ),
        (
            session(language=Language.SPANISH, format=Format.ONLINE, training=FOR_PARENTS),
            ["MSIX overview", "Spanish", "Online", "For parents"],
            ["Panorama de MSIX", "español", "En línea", "Para las familias"],
        ),
    ],
)
def test_an_event_is_sorted_by_training_language_format_and_readers(
    one: Session, in_english: list[str], in_spanish: list[str]
) -> None:
    assert categories(one, Language.ENGLISH, english) == in_english
    assert categories(one, Language.SPANISH, spanish) == in_spanish
    assert list(strictly_read(in_feed(one)).events[0].categories) == in_english


def test_a_training_keeps_its_color_whatever_else_there_is() -> None:
    slugs = sorted(file.stem for file in (ROOT / "content/trainings").glob("*.md") if ".es" not in file.name)

    assert {slug: color(slug) for slug in slugs} == {
        "data-administrator": "slategray",
        "overview": "navy",
        "parents-overview": "darkorchid",
        "secondary-user": "mediumvioletred",
        "user-administrator": "orangered",
        "virtual-cafe": "seagreen",
    }
    assert len(set(COLORS)) == len(COLORS)


def test_all_sessions_of_a_training_have_its_color_in_every_language() -> None:
    one, other = session("a"), session("b", language=Language.ENGLISH, format=Format.IN_PERSON)

    assert lines(in_feed(one, other), "COLOR") == ["COLOR:navy"] * 2
    assert strictly_read(in_feed(one)).events[0].color == "navy"
