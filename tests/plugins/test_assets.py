# SPDX-License-Identifier: AGPL-3.0-or-later
"""Static files: a script is one file with all that it imports, and its name tells its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from plugins.trainings.assets import assets
from tests.support.constants import ROOT


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
    (asset,) = assets(tmp_path)
    assert asset.data.decode() == 'const one=()=>1;const two=2;one();one(2);last("más");'
    assert asset.name == "site.js"
    assert asset.path == f"theme/site.{hashlib.sha256(asset.data).hexdigest()[:10]}.js"


def test_a_change_in_a_part_gives_the_scripts_that_import_it_another_name(tmp_path: Path) -> None:
    write(tmp_path, with_it='import "./parts/a.js";\n', without="other();\n", parts__a="one();\n")
    before = {asset.name: asset.path for asset in assets(tmp_path)}
    write(tmp_path, parts__a="two();\n")
    after = {asset.name: asset.path for asset in assets(tmp_path)}
    assert {name for name in before if before[name] != after[name]} == {"with_it.js"}


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    write(tmp_path, site='import "./parts/none.js";\n')
    with pytest.raises(FileNotFoundError, match=r"parts/none\.js"):
        assets(tmp_path)


def test_no_import_and_no_export_is_left_in_the_themes_scripts() -> None:
    scripts = {
        one.name: one.data.decode() for one in assets(ROOT / "theme/static") if one.name.endswith(".js")
    }
    assert sorted(scripts) == ["schedule.js", "session.js", "site.js"]
    for name, script in scripts.items():
        assert "import" not in script, name
        assert "export" not in script, name
