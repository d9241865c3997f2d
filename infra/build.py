# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packs what AWS Lambda needs of the sign-up function: `make lambda`, or `python -m infra.build`.

It holds the libraries of requirements/function.txt, our own code, the theme's templates and the published site.json;
never schedule.json, which has the links to join. The same sources give the same bytes, wherever they are packed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra import archive, sbom

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".cache/lambda"
LOCK = ROOT / "requirements/function.txt"
TRIAL = ROOT / "infra/trial.py"

SERVICES = frozenset({"dynamodb", "sesv2", "ssm"})
"""What the function speaks to; botocore brings 28 MB of descriptions of all else."""

LOCALES = frozenset({"root", "en", "en_US", "es", "es_419", "es_US"})
"""The languages of the site and what they inherit from (CLDR); Babel brings 33 MB of all others."""

LEFT_OUT = frozenset(
    {
        "boto3",  # clients are botocore's own
        "dnspython",  # nobody asks DNS about an email address
        "s3transfer",
        "typing-extensions",
        "waitress",  # Lambda is the server
        "whitenoise",
    }
)
"""Libraries of the list that are never loaded on Lambda; the trial would tell."""


class BuildFailed(Exception):
    """Something is missing that the package needs; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a package is made for."""

    python: str
    """Python's version, as 3.13."""
    platforms: tuple[str, ...]
    """The tags of wheels that run there (PEP 425); none for this machine."""


LAMBDA = Runtime("3.13", ("manylinux_2_28_aarch64", "manylinux2014_aarch64"))
"""`Runtime` and `Architectures` of template.yaml: Amazon Linux 2023 on `arm64`."""

HERE = Runtime(f"{sys.version_info.major}.{sys.version_info.minor}", ())
"""This machine, for a rehearsal."""


@dataclass(frozen=True, slots=True)
class Package:
    """What was packed."""

    folder: Path
    """As Lambda unpacks it."""
    archive: Path
    bill: Path
    """What is in it, as CycloneDX has it."""
    digest: str
    """SHA-256 of the archive, in hexadecimal."""


def main(arguments: list[str] | None = None) -> int:
    """Make the package anew; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--build", type=Path, default=ROOT / "published/build", help="the folder with site.json"
    )
    parser.add_argument("--target", type=Path, default=TARGET, help="where to put it all")
    parser.add_argument("--python", default=None, help=f"a Python {LAMBDA.python}, which makes the bytecode")
    given = parser.parse_args(arguments)
    try:
        made = package(given.build, given.target, python=given.python)
    except BuildFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename or given.target}: {error.strerror}; fix that, and run it again\n")
        return 1
    packed, unpacked = made.archive.stat().st_size / 1e6, size(made.folder) / 1e6
    sys.stderr.write(f"{made.archive}: {packed:.1f} MB, {unpacked:.1f} MB unpacked, SHA-256 {made.digest}\n")
    return 0


def package(build: Path, target: Path, *, runtime: Runtime = LAMBDA, python: str | None = None) -> Package:
    """Make the folder `target`, and beside it TARGET.zip and TARGET.cdx.json. Raises BuildFailed, OSError.

    `build` is the folder with site.json, `python` one of the runtime's version. What was there stays until all is done.
    """
    interpreter = find_python(python, runtime.python)
    aside = target.with_name(f"{target.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    installed = install(aside, runtime)
    prune(aside)
    add_own(aside, build)
    finish(aside, interpreter)
    shutil.rmtree(target, ignore_errors=True)
    aside.rename(target)
    packed, bill = target.with_name(f"{target.name}.zip"), target.with_name(f"{target.name}.cdx.json")
    digest = archive.pack(target, packed)
    bill.write_text(sbom.bill(target, installed, digest), encoding="utf-8")
    return Package(target, packed, bill, digest)


def find_python(named: str | None, version: str = LAMBDA.python) -> str:
    """Return a Python of this version: the one that is named, or the first that is found. Raises BuildFailed."""
    found = []
    for candidate in [named] if named else [sys.executable, f"python{version}", "python3", "python"]:
        path = shutil.which(candidate)
        told = version_of(path) if path else None
        if path and told == version:
            return path
        found.append(f"{candidate} is " + (f"Python {told}" if told else "no Python that runs"))
    raise BuildFailed(
        f"Lambda runs Python {version}, and {', '.join(found)}; install it, or name it: "
        f"make lambda PYTHON=/path/to/python{version}"
    )


def version_of(python: str) -> str | None:
    """Return an interpreter's version, as 3.13; None where it does not run."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return told.stdout.strip() or None


def install(target: Path, runtime: Runtime) -> dict[str, str]:
    """Install the libraries as they are for the runtime; return the SHA-256 of each one's file, by name.

    Raises BuildFailed, also where a file has none of the hashes that are locked.
    """
    wanted, report = target / "requirements.txt", target / "report.json"
    wanted.write_text(needed(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--no-compile", "--only-binary", ":all:"]
    if runtime.platforms:
        command += ["--implementation", "cp", "--python-version", runtime.python]
        command += [word for platform in runtime.platforms for word in ("--platform", platform)]
    command += ["--target", str(target), "--report", str(report), "--requirement", str(wanted)]
    if subprocess.run(command, check=False).returncode:
        raise BuildFailed("the libraries could not be installed; pip says why, above")
    reported = json.loads(report.read_text(encoding="utf-8"))["install"]  # pip's "Installation Report"
    wanted.unlink()
    report.unlink()
    return {
        one["metadata"]["name"]: one["download_info"]["archive_info"]["hashes"]["sha256"] for one in reported
    }


def needed(lock: str) -> str:
    """Return a locked list without what is left out."""
    entries = re.split(r"^(?=\S)", lock, flags=re.MULTILINE)
    return "".join(entry for entry in entries if entry.partition("==")[0] not in LEFT_OUT)


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
    # What pip writes about itself and about where it put things.
    yield from (
        path for name in ("INSTALLER", "RECORD", "REQUESTED") for path in target.glob(f"*.dist-info/{name}")
    )


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

    Bytecode that is not checked against its source: dates of files are not kept on the way to Lambda. It holds its
    file's name, as it will be there, and sets in the order of their hashes.
    """
    tried = subprocess.run(
        [python, "-I", "-S", "-B", str(TRIAL), str(target)], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        told = tried.stderr.strip().splitlines() or [f"{python} ended with status {tried.returncode}"]
        raise BuildFailed(f"the folder does not work: {told[-1]}")
    compiled = [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    compiled += ["-s", str(target), "-p", "/var/task", str(target)]
    # Some Pythons need a variable to find their own library; none of Python's own may change the bytes.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PYTHONHASHSEED"] = "0"
    if subprocess.run(compiled, env=environment, check=False).returncode:
        raise BuildFailed("some modules could not be compiled; Python says which, above")


def size(target: Path) -> int:
    """Return the bytes of all files."""
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
