# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts into one folder what AWS Lambda needs of the sign-up function; `python -m infra.build`.

The folder is what `CodeUri` in template.yaml names. It holds the libraries of requirements/function.txt, our own
code, the theme's templates and build/site.json; never build/schedule.json, which has the links to join.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".cache/lambda"

RUNTIME = "3.13"
"""Python's version in `Runtime` of template.yaml."""

PLATFORMS = ("manylinux_2_28_aarch64", "manylinux2014_aarch64")
"""What runs on Amazon Linux 2023 for `arm64`."""

SERVICES = frozenset({"dynamodb", "sesv2", "ssm"})
"""What the function speaks to; botocore brings 28 MB of descriptions of all else."""

LOCALES = frozenset({"root", "en", "en_US", "es", "es_419", "es_US"})
"""The languages of the site and what they inherit from (CLDR); Babel brings 33 MB of all others."""

TRY = (
    "import register.entrypoints.aws_lambda, register.web.app, register.mail.compose, register.mail.backends.ses, "
    "register.mail.bounces, register.operations.maintenance, register.operations.staff_news, "
    "register.operations.staff_messages, register.operations.counts, register.settings.aws_parameters, "
    "register.stores.dynamodb.store, schedule.invitations, apig_wsgi, boto3, babel; "
    "[babel.Locale(language, 'US').languages for language in ('en', 'es')]; "
    "[boto3.client(name, region_name='us-west-2') for name in ('dynamodb', 'sesv2', 'ssm')]; "
    "import pathlib, register.bootstrap, register.settings.build, register.settings.staff, register.web.staff.app; "
    "from register.entrypoints.template_check import check_templates; folder = pathlib.Path(sys.path[0]); "
    "register.settings.build.Build(folder / 'build').site(); check_templates(folder / 'theme')"
)
"""Loads all that the function may load, with the folder alone, and looks at all that its pages are made from: what is
missing or wrong shows here, and not in the first request."""


class BuildFailed(Exception):
    """Something is missing that the folder needs; the message says what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Make the folder anew; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--build", type=Path, default=ROOT / "published/build", help="the folder with site.json"
    )
    parser.add_argument("--target", type=Path, default=TARGET, help="where to put it all")
    parser.add_argument("--python", default=None, help=f"a Python {RUNTIME}, which makes the bytecode")
    given = parser.parse_args(arguments)
    try:
        python = find_python(given.python)
        aside = given.target.with_name(f"{given.target.name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        install(aside)
        prune(aside)
        add_own(aside, given.build)
        finish(aside, python)
    except BuildFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    shutil.rmtree(given.target, ignore_errors=True)
    aside.rename(given.target)
    sys.stderr.write(f"{given.target}: {size(given.target) / 1e6:.1f} MB\n")
    return 0


def find_python(named: str | None) -> str:
    """Return a Python of Lambda's version. Raises BuildFailed."""
    candidates = [named] if named else [sys.executable, f"python{RUNTIME}"]
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    for one in filter(None, map(shutil.which, candidates)):
        told = subprocess.run([one, "-c", ask], capture_output=True, text=True, check=False)  # noqa: S603
        if told.stdout.strip() == RUNTIME:
            return one
    raise BuildFailed(
        f"Lambda runs Python {RUNTIME}, and there is none here; install it, or name it with --python"
    )


def install(target: Path) -> None:
    """Install the libraries as they are for Lambda, each checked by its hash. Raises BuildFailed."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--no-compile", "--only-binary", ":all:"]
    command += ["--implementation", "cp", "--python-version", RUNTIME]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    command += ["--target", str(target), "--requirement", str(ROOT / "requirements/function.txt")]
    if subprocess.run(command, check=False).returncode:  # noqa: S603
        raise BuildFailed("the libraries could not be installed; pip says why, above")


def prune(target: Path) -> None:
    """Delete what the function never reads: it makes each cold start slower, and Lambda takes 250 MB at most."""
    for path in [*superfluous(target)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def superfluous(target: Path) -> Iterator[Path]:
    """Yield what can go."""
    for service in target.glob("botocore/data/*/"):
        if service.is_dir() and service.name not in SERVICES:
            yield service
    for locale in target.glob("babel/locale-data/*.dat"):
        if locale.stem not in LOCALES:
            yield locale
    yield from (path for path in target.glob("*/tests/") if path.is_dir())
    yield from (path for path in target.glob("bin/") if path.is_dir())


def add_own(target: Path, build: Path) -> None:
    """Add our own code and what its pages are made from. Raises BuildFailed."""
    site = build / "site.json"
    if not site.exists():
        raise BuildFailed(f"{site} is not there; run make publish first")
    plain = shutil.ignore_patterns("__pycache__")
    for source, name in (
        (ROOT / "functions/register", "register"),
        (ROOT / "schedule", "schedule"),
        (ROOT / "theme/templates", "theme/templates"),
    ):
        shutil.copytree(source, target / name, ignore=plain)
    (target / "build").mkdir(parents=True)
    shutil.copyfile(site, target / "build/site.json")


def finish(target: Path, python: str) -> None:
    """Try the folder, and add bytecode. Raises BuildFailed.

    Bytecode that is not checked against its source: dates of files are not kept on the way to Lambda.
    """
    # Neither site-packages nor the folder that we are in: only what is in the folder.
    alone = f"import sys; sys.path[:0] = [{str(target)!r}]; {TRY}"
    tried = subprocess.run(  # noqa: S603
        [python, "-I", "-S", "-B", "-c", alone], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        raise BuildFailed(f"the folder does not work: {tried.stderr.strip().splitlines()[-1]}")
    compiled = [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    if subprocess.run([*compiled, str(target)], check=False).returncode:  # noqa: S603
        raise BuildFailed("some modules could not be compiled; Python says which, above")


def size(target: Path) -> int:
    """Return the bytes of all files."""
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
