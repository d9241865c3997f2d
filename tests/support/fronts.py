# SPDX-License-Identifier: AGPL-3.0-or-later
"""Debian's Caddy and nginx with the configurations of infra/machine/, without their certificates, before a program."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.constants import ROOT
from tests.support.debian_package import program
from tests.support.serving import WAIT, listen

MACHINE = ROOT / "infra/machine"
CADDY, PASSED_ON, SERVED = "Caddyfile", "nginx.conf", "nginx-files.conf"
"""The configurations: all is passed on, by Caddy or nginx; or nginx itself serves the files."""
FRONTS = (CADDY, PASSED_ON, SERVED)

_NGINX = """\
daemon off;
{user}worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/stderr warn;
events {{ worker_connections 768; }}
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


@dataclass(frozen=True)
class Front:
    """A running front: its address, without a slash at its end, and the folder with all that it writes."""

    url: str
    folder: Path

    @property
    def said(self) -> str:
        """All that it has written into its logs."""
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log")))


@contextmanager
def running(name: str, folder: Path, *, site: Path, function: str, more: str = "") -> Iterator[Front]:
    """Run a front with a configuration of infra/machine/.

    `site` stands for the folder of the built site, `function` for the address of the program behind it; `more` is added
    to what nginx passes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = (MACHINE / name).read_text(encoding="utf-8")
    if name == CADDY:
        with _caddy(text, folder, function) as url:
            yield Front(url, folder)
    else:
        text = text.replace("proxy_set_header Host", f"{more}proxy_set_header Host", 1)
        with _nginx(text, folder, site, function) as url:
            yield Front(url, folder)


@contextmanager
def _caddy(text: str, folder: Path, function: str) -> Iterator[str]:
    caddy, _ = program("/usr/bin/caddy", "caddy")
    listening, url = listen()
    listening.close()
    text = text.replace("\n{\n", "\n{\nadmin off\n", 1)
    text = text.replace("trainings.your-office.org {", f"http://:{url.rpartition(':')[2]} {{")
    text = text.replace("127.0.0.1:8000", function.removeprefix("http://"))
    settings, told = folder / "Caddyfile", folder / "ready"
    settings.write_text(text, encoding="utf-8")
    with (
        (folder / "caddy.log").open("wb") as log,
        # It says when it listens, as it does to systemd.
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready,
    ):
        ready.bind(str(told))
        ready.settimeout(WAIT)
        with subprocess.Popen(
            [caddy, "run", "--config", settings, "--adapter", "caddyfile"],
            env={**os.environ, "NOTIFY_SOCKET": str(told), "HOME": str(folder)},
            stdout=log,
            stderr=log,
        ) as process:
            try:
                while b"READY=1" not in ready.recv(4096):
                    pass
                yield url
            finally:
                process.terminate()
                process.wait(WAIT)


@contextmanager
def _nginx(text: str, folder: Path, site: Path, function: str) -> Iterator[str]:
    nginx, root = program("/usr/sbin/nginx", "nginx", "nginx-common")
    types = root / "etc/nginx/mime.types"
    listening, url = listen()
    text = text.replace("listen 443 ssl;", f"listen {url.removeprefix('http://')};")
    text = text.replace("listen 80;", f"listen unix:{folder}/plain;")
    text = re.sub(r"\n *(ssl_certificate|listen \[).*;", "", text)
    text = text.replace("root /srv/msix/published/site;", f"root {site};")
    text = text.replace("include mime.types;", f"include {types};")
    text = text.replace("http://127.0.0.1:8000", function)
    text = text.replace("/var/log/nginx/", f"{folder}/")
    settings = folder / "nginx.conf"
    # As root it would become somebody who cannot read what a test has made.
    user = "user root;\n" if os.geteuid() == 0 else ""
    settings.write_text(_NGINX.format(user=user, folder=folder, types=types, server=text), encoding="utf-8")
    # It takes over a socket that listens already, so that nobody has to wait until it does.
    listening.setblocking(False)
    descriptor = listening.fileno()
    with (
        listening,
        (folder / "stderr").open("wb") as log,
        subprocess.Popen(
            [nginx, "-p", folder, "-c", settings, "-e", "stderr"],
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
    assert [line for line in said.splitlines() if "using inherited sockets" not in line] == []
