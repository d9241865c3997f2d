# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts of pages that are made once, for this build and those after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2.runtime import Macro
from markupsafe import Markup

from plugins.trainings.memo import Memo
from schedule.model import Language
from schedule.site import Site


def kept_parts(memo: Memo, site: Site, language: Language) -> Callable[..., Markup]:
    """Return the `once` of templates (see PageNames) that keeps what it has made in the memo.

    It goes by the names of macros: the checks of templates see to it that no two of them have one.
    """

    def once(macro: Macro, *arguments: Any) -> Markup:
        # A text and Markup are equal, and yet not the same.
        key = ("part", language, macro.name, *arguments, *map(type, arguments))
        # Kept as bytes, which take half as much memory as a text with a dash in it.
        return Markup(memo.get(key, site, lambda: macro(*arguments).encode()), "utf-8")

    return once
