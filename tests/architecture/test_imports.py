# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which part of the code may import which; by folders, so that a file not yet written is under the rule, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.constants import ROOT

PARTS = {
    "schedule": ROOT / "schedule",
    "plugins": ROOT / "plugins",
    "register": ROOT / "functions" / "register",
}

# Two wings on one ground floor. What each part never imports, also inside functions and for types alone.
FORBIDDEN = {
    "schedule": {"plugins", "register", "pelican", "flask", "boto3", "botocore"},
    "plugins": {"register", "flask", "boto3", "botocore"},
    "register": {"plugins", "pelican"},
}

# The rooms of the function, and what each may import besides itself. Modules beside the folders are rooms of their own.
ROOMS = {
    "domain": set(),
    "stores": {"domain"},
    "web": {"domain", "stores"},
    "mail": {"domain", "stores"},
    "operations": {"domain", "stores"},
    "settings": {"domain"},
    "bootstrap": {"domain", "stores", "web", "mail", "operations", "settings"},
    "entrypoints": {"domain", "stores", "web", "mail", "operations", "settings", "bootstrap"},
    "__main__": {"entrypoints"},
}

# Amazon is spoken to here alone: the store, the backend for email, and what reads parameters.
MAY_USE_BOTO3 = ("stores/dynamodb/", "mail/backends/ses.py", "settings/aws_parameters.py")


def imports(file: Path, package: str) -> Iterator[str]:
    """Yield the full names of all that a module of a package imports, wherever in it the statement stands."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def modules(folder: Path, name: str) -> dict[str, set[str]]:
    """Return the modules of a package by their full names, each with all that it imports."""
    found = {}
    for file in sorted(folder.rglob("*.py")):
        parts = [name, *file.relative_to(folder).with_suffix("").parts]
        package, module = parts[:-1], parts[:-1] if parts[-1] == "__init__" else parts
        found[".".join(module)] = set(imports(file, ".".join(package)))
    return found


def strangers(folder: Path, name: str) -> list[str]:
    """Return what the modules of a part import although they must not."""
    return [
        f"{module} imports {imported}"
        for module, all_imported in modules(folder, name).items()
        for imported in sorted(all_imported)
        if imported.partition(".")[0] in FORBIDDEN[name]
    ]


def room(module: str) -> str | None:
    """Return the room of a module of the function; None for the package itself and for all else."""
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] or None if package == "register" else None


def through_the_wrong_door(folder: Path) -> list[str]:
    """Return the imports of the function that its rooms do not allow."""
    return [
        f"{module} imports {imported}"
        for module, all_imported in modules(folder, "register").items()
        for imported in sorted(all_imported)
        if (there := room(imported)) is not None
        and there != (here := room(module))
        and there not in ROOMS.get(here or "", set())
    ]


def circle(folder: Path, name: str) -> list[str]:
    """Return modules of a package that import each other in a circle; none of them, where there is no circle."""
    found = modules(folder, name)

    def module_of(imported: str) -> str:
        """Return the module that a name is in, which may be the name itself."""
        return (
            imported if imported in found or "." not in imported else module_of(imported.rpartition(".")[0])
        )

    known = {
        module: {module_of(one) for one in all_imported} & found.keys() - {module}
        for module, all_imported in found.items()
    }
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def users_of_boto3(folder: Path) -> list[str]:
    """Return the modules that import boto3 or its parts."""
    return [
        file.relative_to(folder).as_posix()
        for file in sorted(folder.rglob("*.py"))
        if {imported.partition(".")[0] for imported in imports(file, "register")} & {"boto3", "botocore"}
    ]


@pytest.mark.parametrize("part", PARTS)
def test_no_part_imports_what_it_must_not_know(part: str) -> None:
    assert (PARTS[part] / "__init__.py").exists()
    assert strangers(PARTS[part], part) == []


def test_every_room_of_the_function_is_known_and_entered_through_its_own_doors() -> None:
    function = PARTS["register"]
    there = {module.split(".")[1] for module in modules(function, "register") if "." in module}
    assert there == set(ROOMS)
    assert through_the_wrong_door(function) == []


@pytest.mark.parametrize("part", PARTS)
def test_no_modules_import_each_other_in_a_circle(part: str) -> None:
    assert circle(PARTS[part], part) == []


def test_boto3_is_used_only_where_amazon_is_spoken_to() -> None:
    assert [one for one in users_of_boto3(PARTS["register"]) if not one.startswith(MAY_USE_BOTO3)] == []


# The rules, tried on code that breaks them.


def planted(folder: Path, texts: dict[str, str]) -> Path:
    """Write a package `register` with these modules."""
    package = folder / "register"
    for name, text in texts.items():
        file = package / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return package


def test_a_forbidden_import_is_found_wherever_it_stands(tmp_path: Path) -> None:
    package = planted(
        tmp_path,
        {
            "web/new.py": "def page():\n    import plugins.build\n",
            "mail/new.py": "from pelican import signals\n",
            "forms.py": "from schedule import model\nimport pluginsish\n",
        },
    )

    assert strangers(package, "register") == [
        "register.mail.new imports pelican.signals",
        "register.web.new imports plugins.build",
    ]


UPWARD = {
    "domain": "from register.stores import Store",
    "stores": "from register import web",
    "web": "from register.mail.text import words",
    "mail": "from register.operations import sync",
    "operations": "from ..web import app",
    "settings": "import register.bootstrap",
    "bootstrap": "from register import entrypoints",
    "entrypoints": "from register import __main__",
}


@pytest.mark.parametrize(("here", "statement"), UPWARD.items())
@pytest.mark.parametrize(
    "text",
    [
        "{}\n",
        "def late():\n    {}\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    {}\n",
    ],
    ids=["at the top", "inside a function", "for types"],
)
def test_an_import_upward_is_found_in_every_room(
    tmp_path: Path, here: str, statement: str, text: str
) -> None:
    file = f"{here}.py" if here == "bootstrap" else f"{here}/new.py"
    package = planted(tmp_path, {file: text.format(statement)})

    assert through_the_wrong_door(package)
    assert through_the_wrong_door(planted(tmp_path, {file: "from register.domain import model\n"})) == []


def test_a_room_that_nobody_has_planned_may_import_nothing(tmp_path: Path) -> None:
    package = planted(tmp_path, {"desk.py": "from register.domain import model\n"})

    assert through_the_wrong_door(package) == [
        "register.desk imports register.domain.model",
    ]


def test_a_circle_is_found(tmp_path: Path) -> None:
    package = planted(
        tmp_path,
        {
            "mail/base.py": "def late():\n    from register.mail import smtp\n",
            "mail/smtp.py": "from register.mail.base import Base\n",
            "mail/text.py": "from register.mail import base, smtp\n",
        },
    )

    assert set(circle(package, "register")) == {"register.mail.base", "register.mail.smtp"}
    assert circle(planted(tmp_path, {"mail/base.py": ""}), "register") == []


def test_a_use_of_boto3_is_found(tmp_path: Path) -> None:
    package = planted(
        tmp_path,
        {
            "web/app.py": "from botocore.config import Config\n",
            "stores/dynamodb/store.py": "import boto3\n",
            "web/forms.py": "",
        },
    )

    assert users_of_boto3(package) == ["stores/dynamodb/store.py", "web/app.py"]
