# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file of links to join."""

from __future__ import annotations

from pathlib import Path

import pytest

from register.domain.errors import ConfigError
from register.settings.join_links import from_file


def test_a_link_is_found_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "join-links.toml"
    file.write_text('overview-may = "https://meet.example.org/j/1"\n')

    resolve = from_file(file)

    assert (resolve("overview-may"), resolve("other")) == ("https://meet.example.org/j/1", None)
    assert from_file(tmp_path / "none")("overview-may") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("overview-may: https://x", 'cannot be read; write lines as overview-may = "https://…"'),
        ('overview-may = "http://x"', "overview-may is no address that begins with https://"),
    ],
)
def test_a_file_that_is_wrong_is_named_without_its_links(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "join-links.toml"
    file.write_text(text)

    with pytest.raises(ConfigError) as caught:
        from_file(file)

    assert str(caught.value) == f"{file}: {message}"
