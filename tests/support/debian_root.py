# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Debian machine without its kernel: a folder with Debian's own programs, in which commands run by chroot.

It is made once, by debootstrap, and kept below .cache; each test has a copy. What an operator installs by apt is fetched
with it, and so are the project's packages, by the pip that runs the tests: they come from where this machine's are told to.
No systemd runs there; tests/support/systemctl.py stands for it. Ports and network are those of this machine.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.support.constants import ROOT

KEPT = ROOT / ".cache/debian"
RELEASE, PYTHON = "bookworm", "3.11"
# What every Debian machine has; the smallest root has not.
USUAL = ("systemd", "tzdata", "python3", "adduser", "ca-certificates", "openssl")
# What the guide installs is fetched with it, so that apt finds it without a network.
FETCHED = ("git", "make", "python3-venv", "caddy", "nginx", "certbot")
SECONDS = 300
"""Within which one command ends."""

ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


class NoDebian(Exception):
    """A Debian root cannot be made here; the message says what to do."""


@dataclass(frozen=True)
class Machine:
    """A Debian root."""

    root: Path

    def start(self, text: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a text by bash, as root, and return what it said. It must end with this status."""
        done = subprocess.run(
            ["chroot", self.root, "bash", "-euo", "pipefail", "-c", f"cd; {text}"],
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == status, f"{text}\n{done.stdout}{done.stderr}{self.logs()}"
        return done

    def sh(self, text: str) -> str:
        """Run a text that must succeed; return what it printed, errors too."""
        done = self.start(text)
        return done.stdout + done.stderr

    def file(self, path: str) -> Path:
        """Return where a file of the machine is on this one."""
        return self.root / path.lstrip("/")

    def logs(self) -> str:
        """Return the last lines of what each unit said."""
        logs = sorted(self.file("/var/log/units").glob("*"))
        return "\n".join(f"-- {log.name}\n{log.read_text()[-3000:]}" for log in logs)

    def stop(self) -> None:
        """End everything that runs in the root."""
        for process in Path("/proc").iterdir():
            with suppress(OSError):  # it has ended meanwhile
                if process.name.isdigit() and (process / "root").resolve() == self.root:
                    os.kill(int(process.name), signal.SIGKILL)


@contextmanager
def machine() -> Iterator[Machine]:
    """Give a machine on which nothing has been done yet. Raises NoDebian."""
    if os.geteuid():
        raise NoDebian("a Debian root can only be made by root; run this test as root, as in a container")
    packed, wheels = _packed(), _wheels()
    # chroot asks for a place whose folders everybody may enter, which pytest's are not; memory may refuse devices.
    with tempfile.TemporaryDirectory(prefix="msix-debian-", dir="/var/tmp") as name:
        root = Path(name).resolve() / "root"
        root.mkdir(mode=0o755)
        root.parent.chmod(0o755)
        subprocess.run(["tar", "--extract", "--file", packed, "--directory", root], check=True)
        made = Machine(root)
        shutil.copytree(wheels, made.file("/var/wheels"))
        made.file("/etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /var/wheels\n")
        shutil.copy(ROOT / "tests/support/systemctl.py", made.file("/usr/local/bin/systemctl"))
        made.file("/usr/local/bin/systemctl").chmod(0o755)
        try:
            yield made
        finally:
            made.stop()


def repository(folder: Path) -> None:
    """Make a git repository of the project as it is now, with what is not committed."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    _run(["git", "init", "--quiet", "--initial-branch", "main", folder])
    commit(folder)


def commit(folder: Path) -> None:
    """Commit all that a repository holds."""
    by = ["-c", "user.name=Office", "-c", "user.email=office@your-office.org"]
    _run(["git", "-C", folder, "add", "--all"])
    _run(["git", "-C", folder, *by, "commit", "--quiet", "--message", "Change the sessions"])


def _packed() -> Path:
    """Return the packed root, which is made if there is none yet."""
    names = sha256(" ".join((RELEASE, *USUAL, *FETCHED)).encode()).hexdigest()[:12]
    packed = KEPT / f"{RELEASE}-{names}.tar"
    if packed.exists():
        return packed
    KEPT.mkdir(parents=True, exist_ok=True)
    if not shutil.which("debootstrap"):
        _run(["apt-get", "update"])
        _run(["apt-get", "install", "--yes", "--no-install-recommends", "debootstrap"])
    with tempfile.TemporaryDirectory(prefix="msix-debootstrap-") as name:
        root = Path(name, "root")
        chosen = ["--variant=minbase", f"--include={','.join(USUAL)}"]
        _run(["debootstrap", *chosen, RELEASE, root, *_mirror()])
        # Services are started by who asks for it, not by being installed.
        Path(root, "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        Path(root, "usr/sbin/policy-rc.d").chmod(0o755)
        for file in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copy(file, root / file.lstrip("/"))
        Path(root, "etc/apt/apt.conf.d/90kept").write_text(
            'Binary::apt::APT::Keep-Downloaded-Packages "1";\n'
        )
        _run(["chroot", root, "apt-get", "update"])
        _run(["chroot", root, "apt-get", "install", "--yes", "--download-only", *FETCHED])
        _run(["tar", "--create", "--file", f"{packed}.new", "--directory", root, "."])
    Path(f"{packed}.new").rename(packed)
    return packed


def _mirror() -> list[str]:
    """Return the mirror of Debian that this machine asks; none if it asks for another system: debootstrap knows one."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", f"Codename: {RELEASE}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.split()[:1]


def _wheels() -> Path:
    """Return a folder with the project's packages for the root's Python; they are fetched if there are none yet."""
    lists = [ROOT / "requirements" / name for name in ("serve.txt", "uv.txt")]
    wheels = KEPT / f"wheels-{sha256(b''.join(one.read_bytes() for one in lists)).hexdigest()[:12]}"
    if not wheels.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        machine_name = os.uname().machine
        platforms = ("manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_34")
        with tempfile.TemporaryDirectory(dir=KEPT) as name:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
            command += ["--only-binary", ":all:", "--python-version", PYTHON, "--dest", f"{name}/wheels"]
            for platform in (*platforms, "any"):
                command += ["--platform", "any" if platform == "any" else f"{platform}_{machine_name}"]
            _run([*command, *(word for one in lists for word in ("--requirement", str(one)))])
            Path(name, "wheels").rename(wheels)
    return wheels


def _run(command: Sequence[str | Path]) -> None:
    """Run a command of this machine. Raises NoDebian with what it said."""
    words = [str(word) for word in command]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise NoDebian(f"{shlex.join(words)}\n{re.sub(r'//[^/@]*@', '//', said)}")
