# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others say of the template and of the package: cfn-lint, checkov and CycloneDX, in an environment of their own.

checkov takes one version of boto3 alone, so none of them can be where the project is.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from requirements.apart import installed
from tests.support.constants import ROOT
from tests.support.sam_template import TEXT, load

REGION = "us-west-2"

_LOCK = ROOT / "requirements/template.txt"
_FOLDER = ROOT / ".cache/template-tools"

_STRICT = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read()) or "")
"""


class Tools:
    """The programs, installed when they are first asked for or when their list has changed."""

    def __init__(self) -> None:
        self._programs = installed(_LOCK, _FOLDER)

    def lint(self, *templates: Path) -> str:
        """Return what cfn-lint finds."""
        return self._run("cfn-lint", "--regions", REGION, "--", *map(str, templates)).stdout

    def insecure(self, template: Path) -> set[tuple[str, str]]:
        """Return what checkov finds: the checks that failed, each with the resource's name."""
        options = ["--framework", "cloudformation", "--output", "json", "--quiet", "--skip-download"]
        ran = self._run("checkov", "--file", template.name, *options, folder=template.parent)
        results = json.loads(ran.stdout)
        assert results["summary"]["parsing_errors"] == 0, ran.stderr
        assert results["summary"]["passed"] > 0
        return {
            (one["check_id"], one["resource"].rpartition(".")[2])
            for one in results["results"]["failed_checks"]
        }

    def problem_of_bill(self, text: str) -> str:
        """Return what is wrong with a bill of materials by CycloneDX 1.6; nothing if it is one."""
        return self._run("python", "-c", _STRICT, given=text).stdout.strip()

    def _run(
        self, program: str, *arguments: str, folder: Path = ROOT, given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(_FOLDER), "AWS_DEFAULT_REGION": REGION}
        command = [str(self._programs / program), *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, input=given, capture_output=True, text=True, check=False
        )


def translated(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the template as CloudFormation makes it of SAM's: by the translator that it uses itself."""
    import boto3
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    session = boto3.session.Session(region_name=REGION)
    made: dict[str, Any] = Translator({}, Parser(), boto_session=session).translate(
        load(TEXT), dict(parameters)
    )
    return made
