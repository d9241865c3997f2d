# SPDX-License-Identifier: AGPL-3.0-or-later
"""Static files: a script is one file with all that it imports, and its name tells its bytes."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

import pytest

from plugins.trainings.assets import assets
from plugins.trainings.problems import SiteError
from tests.support.constants import ROOT, SITE_URL


def write(folder: Path, **texts: str) -> Path:
    """Write scripts, `parts__a="…"` for `parts/a.js`, and return their folder."""
    for name, text in texts.items():
        file = folder / f"{name.replace('__', '/')}.js"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def test_a_script_holds_what_it_imports_each_once_and_in_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        site='// why\nimport "./parts/a.js";\nimport "./parts/b.js";\nlast("más");\n',
        parts__a='import { one, two } from "./c.js";\none();\n',
        parts__b='import { one } from "./c.js";\none(2);\n',
        parts__c="export const one = () => 1;\nexport const two = 2;\n",
    )
    (asset,) = assets(tmp_path, SITE_URL)
    assert asset.data.decode() == 'const one=()=>1;const two=2;one();one(2);last("más");'
    assert asset.name == "site.js"
    assert asset.path == f"theme/site.{hashlib.sha256(asset.data).hexdigest()[:10]}.js"


def test_a_change_in_a_part_gives_the_scripts_that_import_it_another_name(tmp_path: Path) -> None:
    write(tmp_path, with_it='import "./parts/a.js";\n', without="other();\n", parts__a="one();\n")
    before = {asset.name: asset.path for asset in assets(tmp_path, SITE_URL)}
    write(tmp_path, parts__a="two();\n")
    after = {asset.name: asset.path for asset in assets(tmp_path, SITE_URL)}
    assert {name for name in before if before[name] != after[name]} == {"with_it.js"}


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    write(tmp_path, site='import "./parts/none.js";\n')
    with pytest.raises(FileNotFoundError, match=r"parts/none\.js"):
        assets(tmp_path, SITE_URL)


def test_no_import_and_no_export_is_left_in_the_themes_scripts() -> None:
    scripts = {
        one.name: one.data.decode()
        for one in assets(ROOT / "theme/static", SITE_URL)
        if one.name.endswith(".js")
    }
    assert sorted(scripts) == ["schedule.js", "session.js", "site.js", "training.js"]
    for name, script in scripts.items():
        assert "import" not in script, name
        assert "export" not in script, name


def test_a_style_names_the_files_beside_it_as_they_are_published_and_the_site_with_its_host(
    tmp_path: Path,
) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/face.css").write_text("@font-face{src:url(face.woff2)format('woff2')}\n")
    (tmp_path / "site.css").write_text('@import "./parts/face.css";\na::after{content:"{site}" attr(href)}\n')
    (tmp_path / "face.woff2").write_bytes(b"face")
    face, style = assets(tmp_path, SITE_URL)
    assert face.path == f"theme/face.{hashlib.sha256(b'face').hexdigest()[:10]}.woff2"
    assert style.data.decode() == (
        f"@font-face{{src:url({face.path.removeprefix('theme/')})format('woff2')}}"
        f'a::after{{content:"{SITE_URL}" attr(href)}}'
    )


def test_in_a_folder_of_a_host_a_style_has_the_host_alone_since_links_have_the_folder(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text('a::after{content:"{site}" attr(href)}')
    [style] = assets(tmp_path, f"{SITE_URL}/msix")

    assert style.data.decode() == f'a::after{{content:"{SITE_URL}" attr(href)}}'


def test_a_file_that_a_style_names_in_vain_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text("@font-face{src:url(face.woff2)}")
    with pytest.raises(
        SiteError, match=r"site\.css: url\(face\.woff2\) names a file that is not in .*; add it there"
    ):
        assets(tmp_path, SITE_URL)


def test_the_face_is_small_and_has_its_license_beside_it() -> None:
    (face,) = (one for one in assets(ROOT / "theme/static", SITE_URL) if one.name == "fraunces.woff2")
    assert len(face.data) <= 12_500
    assert (ROOT / "theme/face/OFL.txt").read_text().startswith("Copyright 2020 The Fraunces Project Authors")


def test_the_pictures_that_messengers_show_are_small_and_as_large_as_they_say() -> None:
    for language in ("en", "es"):
        data = (ROOT / f"theme/static/share.{language}.png").read_bytes()
        assert len(data) <= 60 * 1024
        # Width and height stand in a PNG's first chunk (W3C, PNG, 11.2.1).
        assert struct.unpack(">II", data[16:24]) == (1200, 630)
