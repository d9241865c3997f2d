# SPDX-License-Identifier: AGPL-3.0-or-later
"""Debian's nginx, with the configurations that docs/operations.md gives: the installed one, or its package unpacked.

The tests never skip for want of it: where it is not installed and Debian cannot be asked for it, they fail and say so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.constants import ROOT
from tests.support.serving import WAIT, listen

UNPACKED = ROOT / ".cache/nginx"
PACKAGES = ("nginx", "nginx-common")

MAIN = """\
daemon off;
{user}worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    include {types};
    default_type application/octet-stream;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""
"""What Debian's own nginx.conf says, where it matters here."""


class NoNginx(Exception):
    """There is no nginx, and none can be had; the message says what to do."""


@dataclass(frozen=True)
class Nginx:
    """The program, and Debian's list of the types of files."""

    program: Path
    types: Path


def find() -> Nginx:
    """Return the nginx that is installed; else Debian's package, which is unpacked once. Raises NoNginx."""
    installed = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if installed:
        return Nginx(Path(installed), Path("/etc/nginx/mime.types"))
    unpacked = Nginx(UNPACKED / "usr/sbin/nginx", UNPACKED / "etc/nginx/mime.types")
    if not unpacked.program.exists():
        _unpack()
    return unpacked


def _unpack() -> None:
    if not shutil.which("apt-get"):
        raise NoNginx("nginx is not installed, and there is no apt-get to ask for it; install nginx")
    UNPACKED.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=UNPACKED.parent) as name:
        folder = Path(name)
        download = ["apt-get", "download", *PACKAGES]
        done = subprocess.run(download, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
            subprocess.run([*prefix, "apt-get", "update"], capture_output=True, check=False)
            done = subprocess.run(download, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoNginx(f"nginx is not installed, and Debian gives none: {done.stderr}; install nginx")
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg-deb", "--extract", package, folder / "root"], check=True)
        try:
            (folder / "root").rename(UNPACKED)
        except OSError:  # another worker was faster
            if not UNPACKED.exists():
                raise


def documented(name: str) -> str:
    """Return the configuration that stands in docs/operations.md behind the comment `nginx: NAME`."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"<!-- nginx: {re.escape(name)} -->\n\n```nginx\n(.*?)```", text, re.DOTALL)
    return str(found)


@contextmanager
def running(server: str, folder: Path, *, site: Path, function: str) -> Iterator[str]:
    """Run nginx with a documented server without its certificate; give its address, without a slash at its end.

    `site` stands for the folder of the built site, `function` for the address of the program behind it.
    """
    nginx = find()
    listening, url = listen()
    host = url.removeprefix("http://")
    server = server.replace("listen 443 ssl;", f"listen {host};")
    server = re.sub(r"\n *ssl_certificate.*;", "", server)
    server = server.replace("root /srv/msix/published/site;", f"root {site};")
    server = server.replace("http://127.0.0.1:8000", function)
    server = server.replace("/var/log/nginx/", f"{folder}/")
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "nginx.conf"
    # As root it would become somebody who cannot read what a test has made.
    user = "user root;\n" if os.geteuid() == 0 else ""
    text = MAIN.format(user=user, folder=folder, types=nginx.types, server=server)
    settings.write_text(text, encoding="utf-8")
    # It takes over a socket that listens already, so that nobody has to wait until it does.
    listening.setblocking(False)
    descriptor = listening.fileno()
    with (
        listening,
        (folder / "stderr").open("wb") as log,
        subprocess.Popen(
            [nginx.program, "-p", folder, "-c", settings, "-e", "stderr"],
            env={**os.environ, "NGINX": f"{descriptor};"},
            pass_fds=[descriptor],
            stderr=log,
        ) as process,
    ):
        try:
            yield url
        finally:
            process.terminate()
            process.wait(WAIT)
    said = (folder / "stderr").read_text()
    expected = ("using inherited sockets", "No such file or directory")
    assert [line for line in said.splitlines() if not any(part in line for part in expected)] == []
