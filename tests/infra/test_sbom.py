# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bill of materials: every library of the package, with what its project says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.sbom import bill

PARTS = {
    "Flask-3.1.3": "License-Expression: BSD-3-Clause\nClassifier: License :: OSI Approved :: MIT License",
    "my_babel-2.18.0": "License: BSD-3-Clause\nClassifier: License :: OSI Approved :: BSD License",
    "both-1.0": "Classifier: License :: OSI Approved :: BSD License\nClassifier: License :: OSI Approved :: Apache Software License",
    "words-1.0": "License: Copyright 2008 Somebody\n  All rights kept",
}
DIGEST = "d" * 64


def written(folder: Path) -> dict[str, str]:
    """Put libraries into a folder as pip does; return the hash of each."""
    hashes = {}
    for number, (stem, said) in enumerate(PARTS.items()):
        name, _, version = stem.partition("-")
        info = folder / f"{stem}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{said}\n")
        hashes[name] = str(number) * 64
    return hashes


def test_each_library_is_named_with_its_version_license_and_hash(tmp_path: Path) -> None:
    whole = json.loads(bill(tmp_path, written(tmp_path), DIGEST))

    assert [(one["purl"], one["licenses"]) for one in whole["components"]] == [
        ("pkg:pypi/both@1.0", [{"license": {"name": "BSD License, Apache Software License"}}]),
        ("pkg:pypi/flask@3.1.3", [{"expression": "BSD-3-Clause"}]),
        ("pkg:pypi/my-babel@2.18.0", [{"license": {"name": "BSD License"}}]),
        ("pkg:pypi/words@1.0", [{"license": {"name": "Copyright 2008 Somebody"}}]),
    ]
    assert whole["components"][1] == {
        "type": "library",
        "bom-ref": "pkg:pypi/flask@3.1.3",
        "name": "flask",
        "version": "3.1.3",
        "licenses": [{"expression": "BSD-3-Clause"}],
        "hashes": [{"alg": "SHA-256", "content": "0" * 64}],
        "purl": "pkg:pypi/flask@3.1.3",
    }
    assert whole["dependencies"] == [
        {"ref": "msix-register", "dependsOn": [one["bom-ref"] for one in whole["components"]]}
    ]
    assert whole["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": DIGEST}]
    assert (whole["bomFormat"], whole["specVersion"]) == ("CycloneDX", "1.6")


def test_the_same_package_has_the_same_bill_and_another_has_another(tmp_path: Path) -> None:
    hashes = written(tmp_path / "first")
    written(tmp_path / "second")
    first = bill(tmp_path / "first", hashes, DIGEST)

    assert bill(tmp_path / "second", hashes, DIGEST) == first
    other = bill(tmp_path / "first", hashes, "e" * 64)
    assert json.loads(other)["serialNumber"] != json.loads(first)["serialNumber"]


def test_a_library_that_nobody_knows_of_is_no_part_of_any_bill(tmp_path: Path) -> None:
    hashes = written(tmp_path)
    del hashes["both"]

    with pytest.raises(KeyError, match="both"):
        bill(tmp_path, hashes, DIGEST)
