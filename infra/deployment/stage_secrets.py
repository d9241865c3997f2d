# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secrets of a stage, in SSM: made at the first deployment, and shown nowhere."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from infra.deployment.errors import DeployError, Refused, told
from infra.deployment.stage import Stage

Say = Callable[[str], None]

_ORIGIN = re.compile(r"[A-Za-z0-9_-]{32,}")


def missing(ssm: Any, stage: Stage) -> list[str]:
    """Return the names of the parameters that a deployment would make. Raises DeployError."""
    return [name for name in _names(stage) if value(ssm, name) is None]


def ensure(ssm: Any, stage: Stage, say: Say) -> tuple[str, ...]:
    """Make what is missing; return what the front proves itself by, the newest first. Raises DeployError."""
    for name in missing(ssm, stage):
        with told(f"SSM parameter {name}"):
            ssm.put_parameter(
                Name=name, Value=secrets.token_urlsafe(32), Type="SecureString", Overwrite=False
            )
        say(f"made the secret {name}")
    return front(ssm, stage)


def front(ssm: Any, stage: Stage) -> tuple[str, ...]:
    """Return the secrets by which the front proves itself, the newest first. Raises DeployError."""
    name = _names(stage)[1]
    found = tuple(part.strip() for part in (value(ssm, name) or "").split(",") if part.strip())
    if not 1 <= len(found) <= 2 or not all(_ORIGIN.fullmatch(one) for one in found):
        raise DeployError(
            f"SSM parameter {name}: it holds one secret, or the new one, a comma and the one before, "
            "each of 32 letters, digits, - and _ at least; infra/README.md says how to change it"
        )
    return found


def _names(stage: Stage) -> tuple[str, str]:
    """Return the names of the secret that signs links, and of the front's."""
    return f"{stage.prefix}/secret", f"{stage.prefix}/front"


def value(ssm: Any, name: str) -> str | None:
    """Return what a parameter holds, or None if it is not there."""
    try:
        with told(f"SSM parameter {name}"):
            return str(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
    except Refused as error:
        if error.code == "ParameterNotFound":
            return None
        raise
