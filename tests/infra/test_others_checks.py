# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others say of the template, translated and as it is; each exception to checkov's rules has its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.constants import ROOT
from tests.support.sam_template import FUNCTIONS, TEXT, given, of_type
from tests.support.template_tools import Tools, translated

pytestmark = pytest.mark.long

LOGS = set(of_type("AWS::Logs::LogGroup"))
EXCEPTIONS: dict[str, tuple[set[str], str]] = {
    "CKV_AWS_18": (
        {"Site", "Packages"},
        "a log of the site's files would hold network addresses of visitors",
    ),
    "CKV_AWS_26": (
        {"Alarms", "Bounces"},
        "alarms and SES cannot write to a topic under Amazon's key, and one of our own costs more than all else here",
    ),
    "CKV_AWS_27": ({"DeadLetters"}, "the queue is encrypted, by its own keys (SqsManagedSseEnabled)"),
    "CKV_AWS_68": (
        {"Front"},
        "limits count by client and recipient already; a firewall is five dollars a month",
    ),
    "CKV_AWS_86": ({"Front"}, "its log would hold personal links and everybody's network address"),
    "CKV_AWS_115": (set(FUNCTIONS), "a new account has ten at once in all, of which none can be set aside"),
    "CKV_AWS_116": (
        set(FUNCTIONS),
        "what is called without anybody waiting has its queue in EventInvokeConfig and at the stream; Http is waited for",
    ),
    "CKV_AWS_117": (
        set(FUNCTIONS),
        "a private network has nothing in it that they need, and costs by the hour",
    ),
    "CKV_AWS_119": ({"Table"}, "it is encrypted by Amazon's key; one of our own costs, and can be lost"),
    "CKV_AWS_158": (LOGS, "logs hold nothing personal, and are encrypted by Amazon's key"),
    "CKV_AWS_173": (
        set(FUNCTIONS),
        "variables are encrypted by Amazon's key; what signs links is in SSM alone",
    ),
    "CKV_AWS_174": (
        {"Front"},
        "it is TLS 1.2 with a name of one's own; CloudFront's own name has its own rules",
    ),
}


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools()


def written(folder: Path, template: dict[str, Any]) -> Path:
    file = folder / "template.json"
    file.write_text(json.dumps(template, indent=1))
    return file


def test_the_template_is_sound_as_it_is_and_as_cloudformation_makes_it(tools: Tools, tmp_path: Path) -> None:
    made = translated(given({}))
    assert {one["Type"] for one in made["Resources"].values() if "Serverless" in one["Type"]} == set()

    assert tools.lint(ROOT / "infra/template.yaml", written(tmp_path, made)) == ""


def test_every_rule_that_the_template_breaks_is_broken_for_a_reason(tools: Tools, tmp_path: Path) -> None:
    broken = tools.insecure(written(tmp_path, translated(given({}))))

    assert broken == {(rule, name) for rule, (names, _) in EXCEPTIONS.items() for name in names}


def test_a_mistake_is_found(tools: Tools, tmp_path: Path) -> None:
    made = translated(given({}))
    made["Resources"]["Site"]["Properties"]["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = False
    assert ("CKV_AWS_54", "Site") in tools.insecure(written(tmp_path, made))

    other = tmp_path / "template.yaml"
    other.write_text(TEXT.replace("${Api}.execute-api", "${Http}.execute-api"))
    assert "Ref to resource 'Http' that may not be available when condition 'HasCode' is False" in tools.lint(
        other
    )
