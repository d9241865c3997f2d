# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of what a text gives its words in braces, as in `*palabra*{: lang=es }`: a language, or a name to link to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from plugins.trainings.html_tree import Element
from plugins.trainings.targets import OWN_IDS

# What Markdown makes, and what may stand in braces.
_ATTRIBUTES = frozenset(
    (
        *("id", "lang", "class", "href", "title", "src", "alt", "start", "type", "checked", "disabled"),
        *("srcset", "sizes", "width", "height", "loading"),
    )
)
_CLASSES = frozenset(
    (
        *("footnote", "footnote-ref", "footnote-backref", "task-list", "task-list-item"),
        *("left", "center", "right"),
    )
)


def check_attributes(elements: Iterable[Element]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong, each once: the words with which it stands in the text, the message and what to do."""
    elements = list(elements)
    names = {name for element in elements for name in element.attributes}
    for name in sorted(names - _ATTRIBUTES):
        yield name, f'"{name}=" works on no page of the site', "leave it out"
    classes = {word for element in elements for word in element.attributes.get("class", "").split()}
    for word in sorted(classes - _CLASSES):
        yield f".{word}", f'".{word}" works on no page of the site', "leave it out"
    ids = Counter(element.attributes["id"] for element in elements if "id" in element.attributes)
    for name, count in ids.items():
        if OWN_IDS.fullmatch(name):
            yield f"#{name}", f'"#{name}" is a name that the page around the text has', "give it another name"
        elif count > 1:
            yield f"#{name}", f'"#{name}" stands twice in the text', "give one of them another name"
        elif not re.fullmatch(r"\S+|fn(ref\d*)?:.*", name, re.DOTALL):
            yield name, f'"{name}" is no name for a part of a text', 'write one word, as in "{: #part }"'
