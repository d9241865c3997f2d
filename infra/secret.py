# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes a secret of a stage into SSM, without showing it: `make secret STAGE=… NAME=…`.

`join/NAME` (a link to join) and `staff` (the list of staff) are read from the standard input. `secret` and `front` are
made by the first deployment; they are changed in steps, so that both the old and the new one are good in between.
"""

from __future__ import annotations

import argparse
import getpass
import re
import secrets
import sys
from pathlib import Path
from typing import Any

from infra.deployment.account import open_account
from infra.deployment.errors import DeployError, told
from infra.deployment.stage import Stage, read
from infra.deployment.stage_secrets import value
from register.domain.errors import ConfigError
from register.settings.staff import parsed

ROOT = Path(__file__).resolve().parent.parent

LIMIT = 4096
"""Bytes that a parameter holds. Source: AWS Systems Manager endpoints and quotas, "standard parameters"."""

OURS = ("secret", "front")
_JOIN = re.compile(r"join/[A-Za-z0-9_.-]+")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write one secret; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.secret", description=__doc__.partition("\n")[0])
    parser.add_argument("stage", help="the name of a file in infra/stages/, without .toml")
    parser.add_argument("name", help="join/NAME, staff, secret or front")
    parser.add_argument("--change", choices=("add", "swap", "drop"), help="a step, for secret and front")
    given = parser.parse_args(arguments)
    try:
        stage = read(root, given.stage)
        said = write(open_account(stage).ssm, stage, given.name, given.change)
    except DeployError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    sys.stderr.write(f"{said}\n")
    return 0


def write(ssm: Any, stage: Stage, name: str, change: str | None) -> str:
    """Write a parameter of a stage; return what to say. Raises DeployError."""
    parameter = f"{stage.prefix}/{name}"
    if name in OURS:
        text, said = _changed(parameter, value(ssm, parameter), change)
    elif name == "staff" or _JOIN.fullmatch(name):
        if change:
            raise DeployError(f"CHANGE is for {' and '.join(OURS)}; {name} is read anew as a whole")
        text, said = _checked(name, _typed()), "written; it takes effect within a minute"
    else:
        raise DeployError(f'NAME is "{name}"; give join/NAME, staff, secret or front')
    with told(f"SSM parameter {parameter}"):
        ssm.put_parameter(Name=parameter, Value=text, Type="SecureString", Overwrite=True)
    return f"{parameter}: {said}"


def _changed(parameter: str, now: str | None, change: str | None) -> tuple[str, str]:
    """Return the secret after a step, and what it is now."""
    if now is None:
        raise DeployError(f"SSM parameter {parameter} is not there; the first deployment makes it")
    have = [part.strip() for part in now.split(",") if part.strip()]
    if change == "add" and len(have) == 1:
        return ",".join(
            [*have, secrets.token_urlsafe(32)]
        ), "a new one is good as well; the old one is in use"
    if change == "swap" and len(have) == 2:
        return ",".join(reversed(have)), "the new one is in use; the old one is good as well"
    if change == "drop" and len(have) == 2:
        return have[0], "the old one is good no longer"
    steps = "CHANGE=swap or CHANGE=drop" if len(have) == 2 else "CHANGE=add"
    raise DeployError(f"SSM parameter {parameter} holds {len(have)}; the next step is {steps}")


def _typed() -> str:
    """Return what is typed, which is not shown, or what another program hands on."""
    if sys.stdin.isatty():
        return getpass.getpass("Value (it is not shown): ").strip()
    return sys.stdin.read().strip()


def _checked(name: str, text: str) -> str:
    """Return a value that can be used. Raises DeployError."""
    if len(text.encode()) > LIMIT:
        raise DeployError(f"{name} has {len(text.encode())} bytes, and SSM takes {LIMIT}; make it shorter")
    if name != "staff":
        if not re.fullmatch(r"https://\S+", text):
            raise DeployError(f"{name} is no link; give one that begins with https://")
        return text
    try:
        parsed(text, "staff")
    except ConfigError as error:
        raise DeployError(f"{error}; nothing has changed") from error
    return text


if __name__ == "__main__":
    sys.exit(main())
