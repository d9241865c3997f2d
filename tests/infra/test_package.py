# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole package: the same wherever it is made, small, and for the processor and the Python that run it."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from infra import build
from tests.support.built_site import BuiltSite
from tests.support.template_tools import Tools

pytestmark = pytest.mark.long

MEGABYTE = 1_000_000
AMAZON_S_OWN = "botocore"
"""What Lambda has itself; ours is as our tests know it."""


def unpacked(folder: Path) -> int:
    """Return the bytes of all but Amazon's own."""
    return build.size(folder) - sum(map(build.size, folder.glob(f"{AMAZON_S_OWN}*")))


def libraries(folder: Path) -> set[str]:
    return {
        re.sub(r"[-_.]+", "-", info.name.partition("-")[0]).lower() for info in folder.glob("*.dist-info")
    }


def test_two_packages_of_the_same_sources_are_the_same_and_small(site: BuiltSite, tmp_path: Path) -> None:
    first, second = (
        build.package(site.private, target, runtime=build.HERE)
        for target in (tmp_path / "first", tmp_path / "deep/er/second")
    )

    assert (first.digest, first.bill.read_bytes()) == (second.digest, second.bill.read_bytes())
    assert first.archive.read_bytes() == second.archive.read_bytes()
    assert unpacked(first.folder) < 20 * MEGABYTE
    assert first.archive.stat().st_size < 10 * MEGABYTE
    bill = json.loads(first.bill.read_text())
    assert {one["name"] for one in bill["components"]} == libraries(first.folder)
    assert Tools().problem_of_bill(first.bill.read_text()) == ""
    assert "serialNumber" in Tools().problem_of_bill(first.bill.read_text().replace("urn:uuid:", "urn:"))
    with zipfile.ZipFile(first.archive) as packed:
        names = packed.namelist()
        assert [name for name in names if name.endswith(("schedule.json", ".toml", ".sqlite3"))] == []
        assert [name for name in names if name.startswith("build/")] == ["build/site.json"]
        # Lambda finds the bytecode, and what it says of itself is true there.
        [code] = [name for name in names if re.fullmatch(r"register/web/__pycache__/app\.[\w-]+\.pyc", name)]
        assert b"/var/task/register/web/app.py" in packed.read(code)
        assert str(tmp_path).encode() not in b"".join(map(packed.read, names))


def test_the_libraries_are_those_of_the_list_for_lambda_s_processor_and_python(tmp_path: Path) -> None:
    tmp_path = tmp_path / "task"
    tmp_path.mkdir()
    hashes = build.install(tmp_path, build.LAMBDA)
    build.prune(tmp_path)

    wanted = re.findall(r"^([a-z0-9.-]+)==", build.needed(build.LOCK.read_text()), re.MULTILINE)
    assert libraries(tmp_path) == set(wanted)
    assert all(one in build.LOCK.read_text() for one in hashes.values())
    tags = {
        line.removeprefix("Tag: ")
        for wheel in tmp_path.glob("*.dist-info/WHEEL")
        for line in wheel.read_text().splitlines()
        if line.startswith("Tag: ")
    }
    assert {tag for tag in tags if not tag.endswith("-none-any")} == {
        tag for tag in tags if re.fullmatch(r"cp313-cp313-manylinux.*_aarch64", tag)
    }
    assert {file.name.split(".")[1] for file in tmp_path.rglob("*.so")} <= {"cpython-313-aarch64-linux-gnu"}
    # Bytecode is about as long as what it is made from.
    assert 2 * unpacked(tmp_path) < 30 * MEGABYTE
