# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor's program is fetched by npm, and taken only if it is the one that was looked at."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from plugins.editor.__main__ import main
from plugins.editor.program import EditorNotFetchable, Pinned, fetch, fetched, files, pinned

PACKAGE = {
    "package/package.json": b"{}",
    "package/LICENSE.txt": b"MIT",
    "package/dist/cms.js": b"another bundle",
    "package/npm/index.js": b"import(`../locales/es-CO.json`), import(`../locales/fr.json`)",
    "package/npm/index.js.map": b"{}" * 1000,
    "package/npm/assets/face.woff2": b"\0",
    "package/npm/../outside.js": b"stolen",
    "package/locales/es-CO.json": b'{"save": "Guardar"}',
    "package/locales/fr.json": b"{}",
}

TAKEN = ["LICENSE.txt", "locales/es-CO.json.js", "npm/assets/face.woff2", "npm/index.js"]


def archive(folder: Path, contents: Mapping[str, bytes] = PACKAGE) -> Path:
    """Make what npm would fetch."""
    file = folder / "package.tgz"
    with tarfile.open(file, "w:gz") as package:
        for name, data in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))
    return file


def pin(file: Path) -> Pinned:
    """Return the pin of an archive."""
    return Pinned(
        "@sveltia/cms", "1.2.3", base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
    )


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only program there is: an npm whose script a test may write anew."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return script(folder / "npm", f'/bin/cp {tmp_path}/package.tgz "$5/cms-1.2.3.tgz"')


def script(file: Path, *lines: str) -> Path:
    """Write a program that runs these lines, after it has noted how it was called."""
    file.write_text("\n".join(["#!/bin/sh", f'echo "$@" > {file.parent}/called', *lines]) + "\n")
    file.chmod(0o755)
    return file


def test_the_program_is_there_without_what_nobody_needs(tmp_path: Path, npm: Path) -> None:
    made = pin(archive(tmp_path))
    there = fetch(made, tmp_path / "cache")

    assert there == tmp_path / "cache" / "cms-1.2.3" == fetched(made, tmp_path / "cache")
    assert [path for path, _ in files(there)] == TAKEN
    assert (
        (npm.parent / "called").read_text().startswith("pack --silent --ignore-scripts --pack-destination ")
    )
    assert (npm.parent / "called").read_text().endswith(" @sveltia/cms@1.2.3\n")
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["cms-1.2.3"]


@pytest.mark.usefixtures("npm")
def test_spanish_is_a_script_since_browsers_import_nothing_else(tmp_path: Path) -> None:
    there = fetch(pin(archive(tmp_path)), tmp_path / "cache")

    assert (there / "locales" / "es-CO.json.js").read_text() == 'export default {"save": "Guardar"}'
    assert (
        there / "npm" / "index.js"
    ).read_text() == "import(`../locales/es-CO.json.js`), import(`../locales/fr.json`)"


@pytest.mark.usefixtures("npm")
def test_another_hash_leaves_what_is_there(tmp_path: Path) -> None:
    good = pin(archive(tmp_path))
    fetch(good, tmp_path / "cache")
    archive(tmp_path, {**PACKAGE, "package/npm/index.js": b"another"})
    with pytest.raises(EditorNotFetchable) as told:
        fetch(good, tmp_path / "cache")

    assert str(told.value) == (
        "what npm fetched as @sveltia/cms 1.2.3 is not what requirements/editor.txt says: its SHA-512 is "
        f"{pin(tmp_path / 'package.tgz').digest}. Nothing was taken over. If you have changed the version, look at "
        "the new program and write its hash there; else ask who runs the registry that npm uses"
    )
    assert (tmp_path / "cache" / "cms-1.2.3" / "npm" / "index.js").read_bytes().startswith(b"import(")


def test_without_npm_one_is_told_what_to_install(
    tmp_path: Path, npm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npm.unlink()

    assert main(tmp_path / "cache") == 1
    assert capsys.readouterr().err == (
        "error: the editor comes by npm, which is not there: install Node.js (https://nodejs.org; on Debian and Ubuntu: "
        "sudo apt install npm), then run this again. Only the editor needs it: a site whose settings say EDITOR = None "
        "goes without\n"
    )


def test_what_npm_says_is_handed_on(tmp_path: Path, npm: Path) -> None:
    made = pin(archive(tmp_path))
    script(npm, "echo 'npm error code ENOTFOUND' >&2", "exit 1")
    with pytest.raises(EditorNotFetchable) as told:
        fetch(made, tmp_path / "cache")

    assert str(told.value) == (
        "npm could not fetch @sveltia/cms@1.2.3; look at the network and at npm's settings, then run this again. "
        "It says: npm error code ENOTFOUND"
    )
    assert fetched(made, tmp_path / "cache") is None


@pytest.mark.usefixtures("npm")
def test_another_package_is_not_taken_for_the_program(tmp_path: Path) -> None:
    made = pin(archive(tmp_path, {"package/index.js": b""}))
    with pytest.raises(
        EditorNotFetchable, match=r"cms-1\.2\.3\.tgz has no npm/index\.js: it is another program"
    ):
        fetch(made, tmp_path / "cache")

    assert fetched(made, tmp_path / "cache") is None


def test_one_program_is_pinned() -> None:
    made = pinned()

    assert (made.package, made.folder) == ("@sveltia/cms", f"cms-{made.version}")
    assert len(base64.b64decode(made.digest)) == 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@sveltia/cms sha512-AA==",
        "@sveltia/cms@1.2.3",
        "@sveltia/cms@latest sha512-AA==",
        "a@1.0.0 sha512-AA==\n" * 2,
    ],
)
def test_a_pin_without_version_or_hash_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "editor.txt").write_text(f"# why\n{text}")
    with pytest.raises(
        EditorNotFetchable, match=re.escape('editor.txt needs one line, as in "@sveltia/cms@1.2.3 sha512-…"')
    ):
        pinned(tmp_path / "editor.txt")


def test_a_program_that_is_there_is_not_fetched_again(
    tmp_path: Path, npm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npm.unlink()
    there = tmp_path / pinned().folder
    there.mkdir()
    (there / "index.js").write_bytes(b" " * 5_100_000)
    (there / ".whole").touch()

    assert main(tmp_path) == 0
    assert (
        capsys.readouterr().out == f"@sveltia/cms {pinned().version}, 5.1 MB: make serve has it at /edit/\n"
    )


@pytest.mark.usefixtures("npm")
def test_a_folder_that_is_not_whole_is_fetched_again(tmp_path: Path) -> None:
    made = pin(archive(tmp_path))
    (tmp_path / "cache" / made.folder / "left").mkdir(parents=True)

    assert [path for path, _ in files(fetch(made, tmp_path / "cache"))] == TAKEN
