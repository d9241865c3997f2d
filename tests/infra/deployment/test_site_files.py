# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each file is uploaded as: its type with the charset, how long it may be kept, and when its turn is."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.deployment.errors import DeployError
from infra.deployment.site_files import site_files
from tests.support.built_site import BuiltSite

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"


def test_what_pages_name_goes_before_the_pages(tmp_path: Path) -> None:
    css, picture = "theme/site.d22b4c089a.css", "images/hall.0123456789-640.webp"
    for path in ("index.html", css, picture, "calendar/all.ics", "robots.txt", "_headers"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"x")

    assert [(one.path, one.content_type, one.cache_control) for one in site_files(tmp_path)] == [
        (picture, "image/webp", FOREVER),
        (css, "text/css; charset=utf-8", FOREVER),
        ("calendar/all.ics", "text/calendar; charset=utf-8", BRIEFLY),
        ("robots.txt", "text/plain; charset=utf-8", BRIEFLY),
        ("index.html", "text/html; charset=utf-8", BRIEFLY),
    ]
    assert {one.md5 for one in site_files(tmp_path)} == {"9dd4e461268c8034f5c8564e155c67a6"}


def test_every_file_of_the_site_has_a_type_and_a_place(site: BuiltSite) -> None:
    files = site_files(site.output)
    kinds = {(one.path.rpartition(".")[2], one.content_type, one.cache_control) for one in files}

    assert kinds == {
        ("css", "text/css; charset=utf-8", FOREVER),
        ("js", "text/javascript; charset=utf-8", FOREVER),
        ("png", "image/png", FOREVER),
        ("woff2", "font/woff2", FOREVER),
        ("ics", "text/calendar; charset=utf-8", BRIEFLY),
        ("vcf", "text/vcard; charset=utf-8", BRIEFLY),
        ("txt", "text/plain; charset=utf-8", BRIEFLY),
        ("xml", "application/xml", BRIEFLY),
        ("html", "text/html; charset=utf-8", BRIEFLY),
    }
    turns = [one.turn for one in files]
    assert turns == sorted(turns)
    assert {one.path for one in files if one.path.endswith(".html")} == {
        one.path for one in files if one.turn == 2
    }


def test_a_file_that_nobody_knows_is_not_sent_as_something_else(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("")
    (tmp_path / "notes.docx").write_text("")
    with pytest.raises(DeployError) as caught:
        site_files(tmp_path)

    assert str(caught.value) == (
        f'{tmp_path}/notes.docx: nobody knows what ".docx" is; give the file another name, '
        "or add its type to infra/deployment/site_files.py"
    )


def test_an_empty_folder_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(DeployError) as caught:
        site_files(tmp_path)

    assert str(caught.value) == f"{tmp_path} holds no site; run make publish, and look at what it says"
