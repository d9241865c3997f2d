# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts of pages that are made once: for the same macro, arguments, language and site."""

from __future__ import annotations

from dataclasses import replace

from jinja2 import Environment
from markupsafe import Markup

from plugins.trainings.kept_parts import kept_parts
from plugins.trainings.memo import Memo
from schedule.model import Language
from tests.support.emails import site as a_site

EN, ES = Language.ENGLISH, Language.SPANISH
MACROS = """
{%- macro row(text) %}<li>{{ text }}{{ tick() }}{% endmacro %}
{%- macro menu(text) %}<a>{{ text }}{{ tick() }}{% endmacro %}
"""


class Ticks:
    """Counts how often a macro was really called."""

    count = 0

    def __call__(self) -> str:
        self.count += 1
        return ""


def test_a_part_is_made_once_for_its_macro_arguments_language_and_site() -> None:
    ticks = Ticks()
    macros = Environment(autoescape=True).from_string(MACROS, {"tick": ticks}).module
    row, menu = macros.row, macros.menu  # type: ignore[attr-defined]  # Jinja sets them
    memo, here = Memo(), a_site()
    english, spanish = (kept_parts(memo, here, language) for language in (EN, ES))
    elsewhere = replace(here, url="https://example.com")
    for _ in range(2):
        assert english(row, "<b>") == "<li>&lt;b&gt;"
        assert english(row, Markup("<b>")) == "<li><b>"
        assert english(menu, "<b>") == "<a>&lt;b&gt;"
        assert spanish(row, "<b>") == "<li>&lt;b&gt;"
        assert isinstance(spanish(row, "<b>"), Markup)
        assert spanish(row, "Núñez – ✓") == "<li>Núñez – ✓"
    assert ticks.count == 5

    memo.sweep()
    assert kept_parts(memo, here, EN)(row, "<b>") == "<li>&lt;b&gt;"
    assert ticks.count == 5
    assert kept_parts(memo, elsewhere, EN)(row, "<b>") == "<li>&lt;b&gt;"
    assert ticks.count == 6
    memo.sweep()
    assert [key[1:3] for key in memo.results if isinstance(key, tuple)] == [(EN, "row")]
