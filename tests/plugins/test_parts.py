# SPDX-License-Identifier: AGPL-3.0-or-later
"""A text may have parts for sites on which people sign up, and others for those on which they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.parts import fitting
from tests.support.content import ContentFolder

TEXT = """\
Before.
{{ if sign-up }}
Use the form.
{{ else }}
Call us.
{{ end }}
{{if sign-up}}
- a form
{{end}}
After."""


@pytest.mark.parametrize(
    ("sign_up", "expected"),
    [(True, "Before.\nUse the form.\n- a form\nAfter."), (False, "Before.\nCall us.\nAfter.")],
)
def test_a_text_says_what_is_true_of_its_site(sign_up: bool, expected: str) -> None:
    assert fitting(TEXT, sign_up=sign_up) == expected


def test_it_is_rendered_as_if_the_other_parts_were_not_there() -> None:
    text = "- a\n{{ if sign-up }}\n- b\n{{ else }}\n- c\n{{ end }}\n- d"
    found = {sign_up: Renderer(Memo(), {}, sign_up=sign_up)(text) for sign_up in (True, False)}

    assert found == {
        True: "<ul>\n<li>a</li>\n<li>b</li>\n<li>d</li>\n</ul>",
        False: "<ul>\n<li>a</li>\n<li>c</li>\n<li>d</li>\n</ul>",
    }


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("a\n{{ if sign-up }}\nb", 5, 'a part has no end (write "{{ end }}" in a line of its own below it)'),
        (
            "{{ if sign-up }}\n{{ if sign-up }}\n{{ end }}",
            5,
            'a part begins within another one (write "{{ end }}" before it)',
        ),
        ("{{ end }}", 4, '"{{ end }}" belongs to no part (begin one with "{{ if sign-up }}", or delete it)'),
        (
            "{{ else }}",
            4,
            '"{{ else }}" belongs to no part (begin one with "{{ if sign-up }}", or delete it)',
        ),
        (
            "{{ if sign-up }}\n{{ else }}\n{{ else }}\n{{ end }}",
            6,
            '"{{ else }}" belongs to no part (begin one with "{{ if sign-up }}", or delete it)',
        ),
        ("a {{ end }}", 4, '"{{ end }}" is not alone in its line (give it a line of its own)'),
        ("{{ if signup }}", 4, '"{{ if signup }}" stands for nothing (did you mean "{{ if sign-up }}"?)'),
    ],
)
def test_what_is_wrong_with_a_part_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("pages/index.md", "Welcome.", text)

    assert folder.errors() == [f"content/pages/index.md:{line}: {told}"]
