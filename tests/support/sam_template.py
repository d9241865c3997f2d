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
    "AlarmAddress": "office@migrant.ca.gov",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
    "OriginSecret": "o" * 40,
    "CodeKey": "packages/1.zip",
}
"""What somebody gives who deploys with a name of their own; the rest are defaults."""

WITHOUT_DOMAIN = {"SiteDomain": "", "CertificateArn": "", "AlarmAddress": ""}
"""What nobody has given who has an account alone."""


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


def load(text: str) -> dict[str, Any]:
    """Return a template as data."""
    data: dict[str, Any] = _Loader(text).get_single_data()
    return data


TEXT = (ROOT / "infra/template.yaml").read_text(encoding="utf-8")
TEMPLATE = load(TEXT)
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


def given(changes: Mapping[str, str]) -> dict[str, str]:
    """Return all parameters, with some changed."""
    defaults = {name: one["Default"] for name, one in TEMPLATE["Parameters"].items() if "Default" in one}
    return {**defaults, **PARAMETERS, **changes}


def holds(condition: str, **changes: str) -> bool:
    """Whether a condition of the template holds; each asks that a parameter is not empty."""
    [asked] = TEMPLATE["Conditions"][condition]["Fn::Not"]
    parameter, empty = asked["Fn::Equals"]
    return given(changes)[parameter["Ref"]] != empty


def chosen(value: Any, **changes: str) -> Any:
    """Return a value without its choices: what stands for the condition that holds, and nothing for NoValue."""
    if isinstance(value, Mapping):
        if set(value) == {"Fn::If"}:
            condition, yes, no = value["Fn::If"]
            return chosen(yes if holds(condition, **changes) else no, **changes)
        found = {name: chosen(one, **changes) for name, one in value.items()}
        return {name: one for name, one in found.items() if one != {"Ref": "AWS::NoValue"}}
    return [chosen(one, **changes) for one in value] if isinstance(value, list) else value


def filled(value: Any, **changes: str) -> str:
    """Return a text with parameters in it; a resource stands for its own name, `X.Arn` for an attribute."""
    value, parameters = chosen(value, **changes), given(changes)
    if isinstance(value, Mapping):
        [(kind, of)] = value.items()
        if kind == "Ref":
            return parameters.get(of, of)
        if kind == "Fn::GetAtt":
            return ".".join(of)
        assert kind == "Fn::Sub"
        return re.sub(r"\$\{([\w.:]+)\}", lambda found: parameters.get(found[1], found[1]), of)
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
