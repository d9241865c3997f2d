# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key Materials: links that people find on their own page after a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from schedule.materials import Material
from schedule.model import Localized
from tests.support.content import TRAINING, ContentFolder, session_text

SLIDES = "[Slides, with notes](https://example.org/slides(2).pdf)"


def test_materials_are_titled_links_one_a_line_in_each_language(tmp_path: Path) -> None:
    content = ContentFolder(tmp_path)
    content.write("trainings/overview.md", f"{TRAINING}Materials: [Guide](https://example.org/guide)\n")
    content.write(
        "sessions/2026-12-03-overview.md",
        session_text(Materials=f"\n    {SLIDES}\n    https://us02web.zoom.us/rec/share/x"),
    )
    content.write(
        "sessions/2026-12-03-overview.es.md", "Materials: [Diapositivas](https://example.org/es.pdf)\n"
    )
    [session] = content.read().schedule.sessions

    assert session.materials == Localized(
        (
            Material("Slides, with notes", "https://example.org/slides(2).pdf"),
            Material("https://us02web.zoom.us/rec/share/x", "https://us02web.zoom.us/rec/share/x"),
        ),
        (Material("Diapositivas", "https://example.org/es.pdf"),),
    )
    assert session.training.materials == Localized((Material("Guide", "https://example.org/guide"),))


@pytest.mark.parametrize(
    "value", ["Slides", "[Slides](slides.pdf)", "[Slides](javascript:alert(1))", "[](https://a.org)"]
)
def test_what_is_no_link_is_an_error_that_shows_one(tmp_path: Path, value: str) -> None:
    content = ContentFolder(tmp_path)
    content.write("sessions/2026-12-03-overview.md", session_text(Materials=value))

    [error] = content.errors()
    assert error == (
        f'content/sessions/2026-12-03-overview.md:9: Materials: "{value}" is no link '
        '(as in "[Slides](https://example.org/slides.pdf)", one per line)'
    )
