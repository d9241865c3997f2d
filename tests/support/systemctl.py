#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stands for systemctl in a Debian root, where no systemd runs: it starts what units say, as their users.

What units say of sandboxes is not done here. Services that are started are ended by `stop`; what they say is in
/var/log/units/NAME. Debian's own Python runs this: nothing of the project may be imported.
"""

from __future__ import annotations

import os
import pwd
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

UNITS = (Path("/etc/systemd/system"), Path("/lib/systemd/system"))
RUN, LOGS = Path("/run/units"), Path("/var/log/units")
WAIT = 60
"""Seconds within which a service says that it is ready, or has stopped."""

Unit = dict[str, list[str]]


def read(name: str) -> Unit:
    """Return the settings of a unit, each with all that is said of it, in the order of the file."""
    file = next((folder / name for folder in UNITS if (folder / name).exists()), None)
    if file is None:
        sys.exit(f"Unit {name} could not be found.")
    found: Unit = {}
    for line in file.read_text().replace("\\\n", " ").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", ";")):
            found.setdefault(key.strip(), []).append(value.strip())
    return found


def environment_of(unit: Unit) -> dict[str, str]:
    """Return what a unit's programs find in their environment. Its user is root if it names none."""
    who = pwd.getpwnam(unit.get("User", ["root"])[-1])
    found = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": who.pw_dir, "USER": who.pw_name}
    for value in unit.get("Environment", []):
        found |= dict(part.split("=", 1) for part in shlex.split(value))
    for file in unit.get("EnvironmentFile", []):
        lines = Path(file).read_text().splitlines()
        found |= dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return found


def start_one(unit: Unit, command: str, log: Path, **more: str) -> subprocess.Popen[bytes]:
    """Start one command of a unit, as its user, or as root where it begins with a plus."""
    who = pwd.getpwnam("root" if command.startswith("+") else unit.get("User", ["root"])[-1])
    with log.open("ab") as output:
        return subprocess.Popen(
            [word.replace("$$", "$") for word in shlex.split(command.lstrip("+-"))],
            cwd=unit.get("WorkingDirectory", ["/"])[-1],
            env=environment_of(unit) | more,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=who.pw_uid,
            group=who.pw_gid,
            extra_groups=os.getgrouplist(who.pw_name, who.pw_gid),
            umask=int(unit.get("UMask", ["0022"])[-1], 8),
            start_new_session=True,
        )


def start(name: str) -> None:
    """Start a service: until it is done, if it is a oneshot; until it says that it is ready, if it says so."""
    unit, log = read(name), LOGS / name
    kind = unit.get("Type", ["simple"])[-1]
    if is_running(name):
        return
    for folder in unit.get("RuntimeDirectory", []):
        who = pwd.getpwnam(unit.get("User", ["root"])[-1])
        shutil.rmtree(f"/run/{folder}", ignore_errors=True)
        Path("/run", folder).mkdir()
        os.chown(f"/run/{folder}", who.pw_uid, who.pw_gid)
    for command in unit.get("ExecStartPre", []):
        waited(name, start_one(unit, command, log))
    if kind == "notify":
        where = f"/run/units/{name}.notify"
        Path(where).unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(where)
            Path(where).chmod(0o777)
            ready.settimeout(WAIT)
            process = start_one(unit, unit["ExecStart"][-1], log, NOTIFY_SOCKET=where)
            while b"READY=1" not in ready.recv(4096):
                pass
    else:
        process = start_one(unit, unit["ExecStart"][-1], log)
    if kind in {"oneshot", "forking"}:
        waited(name, process)
    if kind != "oneshot":
        # Who started it gets no word of its end: it is the child of the first process then.
        pid = Path(unit["PIDFile"][-1]).read_text() if kind == "forking" else str(process.pid)
        (RUN / f"{name}.pid").write_text(pid.strip())
    for command in unit.get("ExecStartPost", []):
        waited(name, start_one(unit, command, log))


def waited(name: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for a command of a unit."""
    if process.wait():
        sys.exit(
            f"Job for {name} failed because the control process exited with error code.\n"
            f'See "systemctl status {name}" and "journalctl -xeu {name}" for details.'
        )


def is_running(name: str) -> bool:
    """Whether a service that was started still runs."""
    try:
        end = os.pidfd_open(int((RUN / f"{name}.pid").read_text()))
    except (FileNotFoundError, ProcessLookupError):
        return False
    return not select.select([end], [], [], 0)[0]


def stop(name: str) -> None:
    """End a service, if it runs, and wait until it has ended."""
    if is_running(name):
        process = int((RUN / f"{name}.pid").read_text())
        end = os.pidfd_open(process)
        os.kill(process, signal.SIGTERM)
        if not select.select([end], [], [], WAIT)[0]:
            sys.exit(f"{name} did not stop within {WAIT} seconds")
    (RUN / f"{name}.pid").unlink(missing_ok=True)


def main(arguments: list[str]) -> None:
    """Do what one call of systemctl asks for."""
    RUN.mkdir(parents=True, exist_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    verb, *rest = (word for word in arguments if word not in {"--now", "--quiet", "--system"})
    for given in rest:
        name = given if "." in given else f"{given}.service"
        unit = read(name)
        if verb in {"stop", "restart"} or (verb == "disable" and "--now" in arguments):
            stop(name)
        if verb in {"start", "restart"} or (verb == "enable" and "--now" in arguments):
            if name.endswith(".timer"):
                read(name.replace(".timer", ".service"))  # what it starts, when its time has come
            else:
                start(name)
        if verb == "reload":
            waited(name, start_one(unit, unit["ExecReload"][-1], LOGS / name))
    if verb not in {"start", "stop", "restart", "reload", "enable", "disable", "daemon-reload"}:
        sys.exit(f"this stand-in for systemctl does not know {verb}")


if __name__ == "__main__":
    main(sys.argv[1:])
