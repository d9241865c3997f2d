# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetches the editor's program with npm, checked against requirements/editor.txt.

Node.js is needed for this alone. What is taken is the package's own folder `npm/`: with it, the editor asks nobody
for anything but the host of code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plugins.trainings.problems import SiteError

_PROJECT = Path(__file__).resolve().parents[2]
PIN = _PROJECT / "requirements" / "editor.txt"
FETCHED = _PROJECT / ".cache" / "editor"
_LINE = re.compile(
    r"(?P<package>@?[a-z0-9._/-]+)@(?P<version>[0-9][0-9A-Za-z.-]*) sha512-(?P<digest>[A-Za-z0-9+/]+=*)"
)
PROGRAM = "npm/index.js"
"""What starts it. It looks for its words in other languages beside its own folder."""
_SPANISH = "locales/es-CO.json"
_TAKEN = re.compile(rf"LICENSE\.txt|{re.escape(_SPANISH)}|npm/.+(?<!\.map)")
"""All but the source maps, which are five times as large as the rest, and languages that nobody here reads."""
_WHOLE = ".whole"
"""A file that is there as soon as all others are."""
_SECONDS = 300


class EditorNotFetchable(SiteError):
    """The editor's program could not be had, or is not the one that was looked at."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The one program that is taken: package, version and the SHA-512 of its archive, in base64 as npm writes it."""

    package: str
    version: str
    digest: str

    @property
    def folder(self) -> str:
        """The name of the folder that its files are in, here and on the site: another version, another address."""
        return f"{self.package.rpartition('/')[2]}-{self.version}"


def pinned(file: Path = PIN) -> Pinned:
    """Read which program is taken. Raises EditorNotFetchable."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    found = _LINE.fullmatch(lines[0]) if len(lines) == 1 else None
    if found is None:
        raise EditorNotFetchable(
            f'{file.name} needs one line, as in "@sveltia/cms@1.2.3 sha512-…": name, version, and what '
            '"npm view NAME@VERSION dist.integrity" prints'
        )
    return Pinned(found["package"], found["version"], found["digest"])


def fetched(program: Pinned, folder: Path = FETCHED) -> Path | None:
    """Return the folder with the program's files, or None if it has not been fetched."""
    there = folder / program.folder
    return there if (there / _WHOLE).is_file() else None


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the program's files with their paths below its folder, in their order."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != _WHOLE:
            yield file.relative_to(folder).as_posix(), file


def fetch(program: Pinned, folder: Path = FETCHED) -> Path:
    """Fetch the program, and return the folder with its files. Raises EditorNotFetchable; then nothing has changed."""
    npm = shutil.which("npm")
    if npm is None:
        raise EditorNotFetchable(
            "the editor comes by npm, which is not there: install Node.js (https://nodejs.org; on Debian and "
            "Ubuntu: sudo apt install npm), then run this again. Only the editor needs it: a site whose settings say "
            "EDITOR = None goes without"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as made:
        archive = _packed(npm, program, Path(made))
        _check(archive, program)
        aside = Path(made) / program.folder
        _unpack(archive, aside)
        target = folder / program.folder
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
    return target


def _packed(npm: str, program: Pinned, folder: Path) -> Path:
    """Let npm put the archive into a folder: nothing of it is installed, and none of its scripts is run."""
    name = f"{program.package}@{program.version}"
    command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder), name]
    try:
        # npm would take settings of a package in the current folder for its own: in this one there are none.
        done = subprocess.run(  # noqa: S603 - a fixed command, and a name from our own file
            command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EditorNotFetchable(
            f"npm has not fetched {name} in {_SECONDS // 60} minutes; look at the network, then run this again"
        ) from error
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        said = (done.stderr or done.stdout).strip() or "nothing"
        raise EditorNotFetchable(
            f"npm could not fetch {name}; look at the network and at npm's settings, then run this again. "
            f"It says: {said}"
        )
    return archives[0]


def _check(archive: Path, program: Pinned) -> None:
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if not hmac.compare_digest(digest, program.digest):
        raise EditorNotFetchable(
            f"what npm fetched as {program.package} {program.version} is not what requirements/editor.txt says: "
            f"its SHA-512 is {digest}. Nothing was taken over. If you have changed the version, look at the new "
            "program and write its hash there; else ask who runs the registry that npm uses"
        )


def _unpack(archive: Path, target: Path) -> None:
    with tarfile.open(archive) as package:
        for member in package:
            path = member.name.removeprefix("package/")
            data = (
                package.extractfile(member)
                if _TAKEN.fullmatch(path) and ".." not in path.split("/")
                else None
            )
            if data is not None:
                _write(target, path, data.read())
    if not (target / PROGRAM).is_file():
        raise EditorNotFetchable(f"{archive.name} has no {PROGRAM}: it is another program")
    (target / _WHOLE).touch()


def _write(target: Path, path: str, data: bytes) -> None:
    """Put a file of the program in its place: its Spanish words as a script, since browsers import nothing else."""
    if path == _SPANISH:
        path, data = f"{path}.js", b"export default " + data
    elif path == PROGRAM:
        data = data.replace(f"../{_SPANISH}`".encode(), f"../{_SPANISH}.js`".encode())
    (target / path).parent.mkdir(parents=True, exist_ok=True)
    (target / path).write_bytes(data)
