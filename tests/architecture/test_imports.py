# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two wings on one ground floor: which part of the code may import which."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What each part never imports, also inside functions and for types alone.
FORBIDDEN = {
    "schedule": {"plugins", "register", "pelican", "flask", "boto3", "botocore"},
    "plugins": {"register", "flask", "boto3", "botocore"},
    "functions/register": {"plugins", "pelican"},
}

# Inside the function each row may import the rows above it, never one below; the rest may be imported by all.
LAYERS = (
    {"domain"},
    {"stores"},
    {"web", "mail", "operations"},
    {"settings", "bootstrap"},
    {"entrypoints"},
)

# The store, the SES sender and the SSM reader.
MAY_USE_BOTO3 = {"stores/dynamodb/client.py", "mail/backends/ses.py", "settings/aws_parameters.py"}


def imports(file: Path, package: str) -> Iterator[str]:
    """Yield the full names of all that a module of a package imports, wherever in it the statement stands."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def modules(folder: Path, name: str) -> Iterator[tuple[Path, str, str]]:
    """Yield each module of a package: its path in the package, its own package and its full name."""
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder)
        parts = [name, *path.with_suffix("").parts]
        package = parts[:-1]
        yield path, ".".join(package), ".".join(package if parts[-1] == "__init__" else parts)


def strangers(folder: Path, name: str, forbidden: set[str]) -> list[str]:
    """Return what the modules of a package import although they must not."""
    return [
        f"{path} imports {imported}"
        for path, package, _ in modules(folder, name)
        for imported in sorted(set(imports(folder / path, package)))
        if imported.split(".")[0] in forbidden
    ]


def layer(name: str) -> int | None:
    """Return the row of a module of the function, None for one that stands in none."""
    part = name.split(".")[1] if name.startswith("register.") else ""
    return next((number for number, row in enumerate(LAYERS) if part in row), None)


def upward(folder: Path) -> list[str]:
    """Return the imports of the function that go against the layers."""
    found = []
    for path, package, name in modules(folder, "register"):
        own = layer(name)
        for imported in sorted(set(imports(folder / path, package))):
            other = layer(imported)
            if own is not None and other is not None and other > own:
                found.append(f"{path} imports {imported}")
    return found


def users_of_boto3(folder: Path) -> list[str]:
    """Return the modules that import boto3 or its parts."""
    return [
        path.as_posix()
        for path, package, _ in modules(folder, folder.name)
        if {imported.split(".")[0] for imported in imports(folder / path, package)} & {"boto3", "botocore"}
    ]


@pytest.mark.parametrize("part", FORBIDDEN)
def test_no_part_imports_what_it_must_not_know(part: str) -> None:
    assert (ROOT / part / "__init__.py").exists()
    assert strangers(ROOT / part, part.rsplit("/", 1)[-1], FORBIDDEN[part]) == []


def test_the_function_imports_downward_only() -> None:
    assert upward(ROOT / "functions" / "register") == []


def test_boto3_is_used_only_where_amazon_is_spoken_to() -> None:
    assert set(users_of_boto3(ROOT / "functions" / "register")) - MAY_USE_BOTO3 == set()


def planted(folder: Path, **texts: str) -> Path:
    package = folder / "register"
    for name, text in texts.items():
        file = package / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return package


def test_a_forbidden_import_is_found_wherever_it_stands(tmp_path: Path) -> None:
    package = planted(
        tmp_path,
        web="def page():\n    import plugins.build\n",
        mail="from pelican import signals\n",
        forms="from schedule import model\nimport pluginsish\n",
    )

    assert strangers(package, "register", {"plugins", "pelican"}) == [
        "mail.py imports pelican",
        "mail.py imports pelican.signals",
        "web.py imports plugins.build",
    ]


def test_an_import_against_the_layers_is_found(tmp_path: Path) -> None:
    package = planted(
        tmp_path,
        domain__model="from register.stores import Store\n",
        stores__sqlite="from register import domain\nfrom ..settings import Config\n",
        web__app="from register import stores\n",
    )

    assert upward(package) == [
        "domain/model.py imports register.stores",
        "domain/model.py imports register.stores.Store",
        "stores/sqlite.py imports register.settings",
        "stores/sqlite.py imports register.settings.Config",
    ]


def test_a_use_of_boto3_is_found(tmp_path: Path) -> None:
    package = planted(
        tmp_path, web="from botocore.config import Config\n", stores__dynamodb="import boto3\n", forms=""
    )

    assert users_of_boto3(package) == ["stores/dynamodb.py", "web.py"]
