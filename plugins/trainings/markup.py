# SPDX-License-Identifier: AGPL-3.0-or-later
"""Markdown to HTML, with one parser for all texts (making one anew for each costs as much as using it)."""

from __future__ import annotations

from markdown import Markdown
from markupsafe import Markup

from plugins.trainings.memo import Memo

EXTENSIONS = ("attr_list", "def_list", "sane_lists", "tables", "toc")


class Renderer:
    """Renders the staff's texts. They are trusted as the templates are: HTML in them stays."""

    def __init__(self, memo: Memo, values: dict[str, str]) -> None:
        self._memo = memo
        self._values = values
        self._parser = Markdown(extensions=list(EXTENSIONS), output_format="html")

    def __call__(self, text: str) -> Markup:
        """Return the HTML of a text; `{{ name }}` in it becomes the value of that name."""
        if not text:
            return Markup()
        for name, value in self._values.items():
            text = text.replace(f"{{{{ {name} }}}}", value)
        return self._memo.get(("markdown", text), None, lambda: self._render(text))

    def _render(self, text: str) -> Markup:
        self._parser.reset()
        return Markup(self._parser.convert(text))  # noqa: S704 - written by staff, reviewed like code
