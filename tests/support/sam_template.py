# SPDX-License-Identifier: AGPL-3.0-or-later
"""The template as data, and its values with parameters filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.support.constants import ROOT

PARAMETERS = {
    "SiteDomain": "trainings.migrant.ca.gov",
    "SenderAddress": "training@migrant.ca.gov",
    "SenderDomain": "migrant.ca.gov",
    "AlarmAddress": "office@migrant.ca.gov",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "OriginSecret": "o" * 40,
}
"""What somebody gives who deploys; the rest are defaults."""


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as their long ones: `!Ref X` as `{"Ref": "X"}`."""


def _long(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt":
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _long)


def load() -> dict[str, Any]:
    """Return infra/template.yaml."""
    loader = _Loader((ROOT / "infra/template.yaml").read_text(encoding="utf-8"))
    data: dict[str, Any] = loader.get_single_data()
    return data


TEMPLATE = load()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of all resources of a type, by name."""
    return {
        name: resource.get("Properties", {})
        for name, resource in RESOURCES.items()
        if resource["Type"] == kind
    }


FUNCTIONS = of_type("AWS::Serverless::Function")


def properties(name: str) -> dict[str, Any]:
    """Return what stands under a resource's Properties."""
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def filled(value: Any, **changes: str) -> str:
    """Return a text with parameters in it; a resource stands for its own name, `X.Arn` for an attribute."""
    defaults = {name: one["Default"] for name, one in TEMPLATE["Parameters"].items() if "Default" in one}
    given = {**defaults, **PARAMETERS, **changes}
    if isinstance(value, Mapping):
        [(kind, of)] = value.items()
        if kind == "Ref":
            return given.get(of, of)
        if kind == "Fn::GetAtt":
            return ".".join(of)
        if kind == "Fn::Sub":
            return re.sub(r"\$\{([\w.:]+)\}", lambda found: given.get(found[1], found[1]), of)
        assert (kind, of[0]) == ("Fn::If", "HasPrevious")
        return filled(of[1] if given["PreviousOriginSecret"] else of[2], **changes)
    return str(value)


def environment(function: str, **changes: str) -> dict[str, str]:
    """Return a function's variables as Lambda has them."""
    shared = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    own = FUNCTIONS[function].get("Environment", {}).get("Variables", {})
    return {name: filled(value, **changes) for name, value in {**shared, **own}.items()}


def statements(name: str) -> Iterator[dict[str, Any]]:
    """Yield the statements of a role's own policies, or of a managed policy."""
    of = properties(name)
    documents = (
        [of["PolicyDocument"]]
        if "PolicyDocument" in of
        else [one["PolicyDocument"] for one in of["Policies"]]
    )
    for document in documents:
        yield from document["Statement"]


def listed(value: Any) -> list[Any]:
    """Return one or several as several."""
    return value if isinstance(value, list) else [value]
