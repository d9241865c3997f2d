# SPDX-License-Identifier: AGPL-3.0-or-later
"""The links to join that `secret:NAME` stands for, from a file or from SSM."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

from register.domain.errors import ConfigError
from register.settings import aws_parameters


def from_file(file: Path) -> Callable[[str], str | None]:
    """Return what gives the link of a NAME; none if there is no such file. Raises ConfigError."""
    try:
        links = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        links = {}
    except (OSError, ValueError) as error:
        raise ConfigError(f'{file}: cannot be read; write lines as overview-may = "https://…"') from error
    wrong = sorted(name for name, link in links.items() if not str(link).startswith("https://"))
    if wrong:
        raise ConfigError(f"{file}: {wrong[0]} is no address that begins with https://")
    return links.get


def from_ssm(prefix: str) -> Callable[[str], str | None]:
    """Return what gives the link of a NAME: the parameter of that name below a prefix. It raises ParameterError."""
    client = aws_parameters.new_client()

    def link(name: str) -> str | None:
        try:
            return aws_parameters.parameter(f"{prefix}{name}", client)
        except aws_parameters.MissingParameter:
            return None

    return link
