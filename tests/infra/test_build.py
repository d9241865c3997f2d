# SPDX-License-Identifier: AGPL-3.0-or-later
"""The package for Lambda: all that the function needs is in it, and what must stay here is not."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest
from babel.core import get_global

from infra import trial
from infra.build import (
    LAMBDA,
    LEFT_OUT,
    LOCALES,
    LOCK,
    SERVICES,
    BuildFailed,
    add_own,
    find_python,
    finish,
    main,
    needed,
    prune,
    size,
)
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT


def written(folder: Path, *files: str) -> Path:
    for name in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    return folder


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_our_own_part_is_the_code_the_templates_and_what_pages_look_like(
    site: BuiltSite, tmp_path: Path
) -> None:
    add_own(tmp_path, site.private)
    found = files(tmp_path)

    assert {name.split("/")[0] for name in found} == {"register", "schedule", "theme", "build"}
    assert {"register/entrypoints/aws_lambda.py", "schedule/model.py", "theme/templates/signup.html"} <= found
    assert {name for name in found if name.startswith("build/")} == {"build/site.json"}
    assert {name.rpartition(".")[2] for name in found} == {"py", "html", "txt", "svg", "json"}


def test_no_link_to_join_comes_into_the_folder(site: BuiltSite, tmp_path: Path) -> None:
    planted = "https://meet.example.org/planted-link"
    private = tmp_path / "build"
    private.mkdir()
    (private / "site.json").write_bytes((site.private / "site.json").read_bytes())
    (private / "schedule.json").write_text(planted)
    add_own(tmp_path / "target", private)

    assert not [
        name
        for name in files(tmp_path / "target")
        if planted.encode() in (tmp_path / "target" / name).read_bytes()
    ]


def test_without_a_built_site_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed) as caught:
        add_own(tmp_path / "target", tmp_path)

    assert str(caught.value) == f"{tmp_path}/site.json is not there; run make publish first"


def test_what_the_function_never_reads_is_deleted(tmp_path: Path) -> None:
    kept = {
        *(f"botocore/data/{name}/2020/service-2.json.gz" for name in SERVICES),
        *(f"babel/locale-data/{name}.dat" for name in LOCALES),
        "botocore/data/endpoints.json",
        "babel/global.dat",
        "icalendar/cal.py",
        "six-1.dist-info/METADATA",
        "six-1.dist-info/LICENSE",
    }
    others = (
        "botocore/data/ec2/2016/service-2.json.gz",
        "babel/locale-data/de.dat",
        "babel/locale-data/es_MX.dat",
        "icalendar/tests/test_cal.py",
        "bin/flask",
        "six-1.dist-info/RECORD",
        "six-1.dist-info/INSTALLER",
        "six-1.dist-info/REQUESTED",
    )
    prune(written(tmp_path, *kept, *others))

    assert files(tmp_path) == kept
    assert size(tmp_path) == len(kept)


def test_the_languages_of_the_site_come_with_all_that_they_inherit_from() -> None:
    parents = get_global("parent_exceptions")
    needed = set()
    for language in ("en", "es"):
        name = f"{language}_US"
        while name:
            needed.add(name)
            name = parents.get(name) or name.rpartition("_")[0]

    assert needed | {"root"} == LOCALES


def test_a_folder_that_lacks_something_is_not_deployed(site: BuiltSite, tmp_path: Path) -> None:
    add_own(tmp_path, site.private)

    with pytest.raises(BuildFailed) as caught:
        finish(tmp_path, sys.executable)

    assert re.fullmatch(
        r"the folder does not work: ModuleNotFoundError: No module named '\w+'", str(caught.value)
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "theme/templates/signup.html",
            "{{ session_summary(about.words, session.format,",
            "{{ session_summary(about.words, session.fromat,",
            'theme/templates/signup.html:{line}: Session has no "fromat"; did you mean "format"?',
        ),
        (
            "build/site.json",
            '"support_name"',
            '"suport_name"',
            (
                '{folder}/build/site.json: "support_name" is missing; '
                "build the site anew with this version of the program: make html, or make publish"
            ),
        ),
    ],
)
def test_pages_that_cannot_be_made_are_not_deployed(
    site: BuiltSite, tmp_path: Path, file: str, old: str, new: str, problem: str
) -> None:
    for library in Path(jinja2.__file__).parents[1].iterdir():
        (tmp_path / library.name).symlink_to(library)
    add_own(tmp_path, site.private)
    text = (tmp_path / file).read_text()
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    (tmp_path / file).write_text(text.replace(old, new))

    with pytest.raises(BuildFailed) as caught:
        finish(tmp_path, sys.executable)

    assert str(caught.value) == (
        "the folder does not work: register.domain.errors.ConfigError: "
        f"{problem.format(folder=tmp_path, line=line)}"
    )


def locked() -> list[str]:
    return re.findall(r"^([a-z0-9.-]+)==", LOCK.read_text(), re.MULTILINE)


def test_the_function_has_few_libraries_and_lambda_gets_fewer() -> None:
    left = re.findall(r"^([a-z0-9.-]+)==", needed(LOCK.read_text()), re.MULTILINE)

    assert len(locked()) <= 25, "another library needs a decision; see docs/decisions"
    assert set(left) == set(locked()) - LEFT_OUT
    assert set(locked()) >= LEFT_OUT
    # What is left of the list is as it was, with its hashes.
    assert set(needed(LOCK.read_text()).splitlines()) < set(LOCK.read_text().splitlines())


def test_what_is_tried_is_what_is_left() -> None:
    assert set(trial.SERVICES) == SERVICES
    for module in trial.ELSEWHERE:
        assert (ROOT / "functions" / f"{module.replace('.', '/')}.py").is_file()


def loaded(file: Path) -> set[str]:
    """Return what a module imports when it is itself imported."""
    names: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_what_needs_a_library_that_is_left_out_is_not_loaded_on_lambda() -> None:
    """The trial would tell as well, but only whoever packs."""
    homes = importlib.metadata.packages_distributions()
    out = {name for name, of in homes.items() if of[0].lower().replace("_", "-") in LEFT_OUT}
    assert {"boto3", "dns", "waitress", "whitenoise"} <= out

    for folder in (ROOT / "functions/register", ROOT / "schedule"):
        for file in folder.rglob("*.py"):
            module = ".".join(file.relative_to(folder.parent).with_suffix("").parts)
            if module not in trial.ELSEWHERE:
                found = loaded(file)
                assert {name.partition(".")[0] for name in found} & out == set(), module
                assert found & trial.ELSEWHERE == set(), module


def python(folder: Path, name: str, version: str) -> Path:
    """Return a program that says of itself which Python it is."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho {version}\n" if version else "#!/bin/sh\nexit 127\n")
    program.chmod(0o755)
    return program


def test_a_python_that_ends_without_a_word_is_named(tmp_path: Path) -> None:
    killed = python(tmp_path, "python", "")
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    with pytest.raises(BuildFailed) as caught:
        finish(tmp_path, str(killed))

    assert str(caught.value) == f"the folder does not work: {killed} ended with status -9"


def test_bytecode_is_made_with_what_a_python_needs_to_start_and_without_its_own_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/python/lib")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/elsewhere")
    noting = python(tmp_path, "python", "")
    noting.write_text(f'#!/bin/sh\nenv | grep -E "^(LD_|PYTHON)" | sort > {tmp_path}/told\n')
    finish(tmp_path, str(noting))

    assert (tmp_path / "told").read_text() == "LD_LIBRARY_PATH=/opt/python/lib\nPYTHONHASHSEED=0\n"


def test_a_python_of_another_version_makes_no_bytecode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = python(tmp_path, "python", "3.0")

    assert main(["--python", str(other), "--target", str(tmp_path / "target")]) == 1
    assert capsys.readouterr().err == (
        f"Lambda runs Python {LAMBDA.python}, and {other} is Python 3.0; install it, or name it: "
        f"make lambda PYTHON=/path/to/python{LAMBDA.python}\n"
    )


@pytest.mark.parametrize("name", ["no-such-python", "broken"])
def test_a_named_python_that_does_not_run_is_no_other_one(tmp_path: Path, name: str) -> None:
    python(tmp_path, "broken", "")
    python(tmp_path, f"python{LAMBDA.python}", LAMBDA.python)

    with pytest.raises(BuildFailed) as caught:
        find_python(str(tmp_path / name))
    assert f"and {tmp_path / name} is no Python that runs;" in str(caught.value)


def test_a_named_python_is_taken_and_without_a_name_the_first_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = python(tmp_path, "python-of-mine", "3.99")
    # A version manager has such programs for every version that it knows, and some do not run.
    python(tmp_path, "python3.99", "")
    first = python(tmp_path, "python3", "3.99")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert find_python(str(named), "3.99") == str(named)
    assert find_python(None, "3.99") == str(first)


def test_make_takes_the_python_that_somebody_names_and_no_other() -> None:
    def asked(*words: str, **environment: str) -> str:
        ran = subprocess.run(
            ["make", "--dry-run", "--old-file=.venv/ready-to-serve", "lambda", *words],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.splitlines()[-1].partition("infra.build")[2].strip()

    assert asked("PYTHON=/opt/my python3.13") == '--python "/opt/my python3.13"'
    assert asked(PYTHON="python3.13") == '--python "python3.13"'
    assert asked() == ""
