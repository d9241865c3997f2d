# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bill of materials of the package: each library with its version, license and hash.

Source: CycloneDX 1.6, the JSON reference. The same package gives the same bill: it has no date.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

NAME = "msix-register"


def bill(folder: Path, hashes: Mapping[str, str], digest: str) -> str:
    """Return the bill of a package as JSON, by its folder and its digest.

    `hashes` has the SHA-256 of the file that each library came in, by its name; KeyError where one is missing.
    """
    found = distributions(path=[str(folder)])
    libraries = sorted(
        (library(each, hashes[each.name]) for each in found), key=lambda each: str(each["name"])
    )
    whole = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": NAME,
                "description": "The sign-up function of California's MSIX trainings, as it is packed for AWS Lambda",
                "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        },
        "components": libraries,
        "dependencies": [{"ref": NAME, "dependsOn": [each["bom-ref"] for each in libraries]}],
    }
    return json.dumps(whole, indent=2) + "\n"


def library(distribution: Distribution, digest: str) -> dict[str, Any]:
    """Return a library as a component; where it came from depends on who packs, so its hash says what it is."""
    name = re.sub(r"[-_.]+", "-", distribution.name).lower()
    purl = f"pkg:pypi/{name}@{distribution.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": distribution.version,
        "licenses": [license_of(distribution)],
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "purl": purl,
    }


def license_of(distribution: Distribution) -> dict[str, Any]:
    """Return a license as a project states it: an SPDX expression, else the classifiers' words, else its own."""
    expression = distribution.metadata["License-Expression"]
    if expression:
        return {"expression": expression}
    classified = distribution.metadata.get_all("Classifier") or []
    words = [one.rpartition(" :: ")[2] for one in classified if one.startswith("License ::")]
    return {
        "license": {"name": ", ".join(words) or distribution.metadata["License"].strip().partition("\n")[0]}
    }
