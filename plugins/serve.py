# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the site, serves it on loopback, and builds again whenever something changes; `make serve`."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from waitress.server import create_server
from watchfiles import watch
from whitenoise import WhiteNoise

from plugins.build import Builder, line_of
from plugins.build_log import start_logging
from plugins.editor.program import fetched, pinned
from plugins.trainings.code_host import LOCAL
from plugins.trainings.problems import SiteError
from schedule.addresses import FUNCTION, Addresses
from schedule.calendar_http import with_calendars

if TYPE_CHECKING:
    from wsgiref.headers import Headers

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PROBLEMS = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>The site could not be built</title>
<style>
body {{ font: 1.1rem/1.5 system-ui; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere }}</style>
<h1>The site could not be built</h1>
<p>The last good one is still there. Mend this and save: the page comes back by itself.</p>
<pre>{problems}</pre>
</html>
"""


_NO_FUNCTION = b"""<!doctype html><html lang="en"><title>No sign-up here</title>
<p>The sign-up function does not run beside this preview.</p></html>
"""


class Function(Protocol):
    """What answers below FUNCTION, made by the other wing; it is told of each good build."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""

    def built(self) -> None:
        """Take over what a build has written for the function."""

    def close(self) -> None:
        """Let go of everything."""


class SitePreview:
    """A site that builds itself: the newest good build, or a page that says why there is none newer."""

    def __init__(
        self, builder: Builder, say: Callable[[str], None], function: Function | None = None
    ) -> None:
        self._builder = builder
        self._say = say
        self._function = function
        self.problems: str | None = None
        self._settings_told: list[str] = []

    def rebuild(self, *, only_news: bool = False) -> None:
        """Build, and keep what went wrong for the page; with `only_news`, say nothing where nothing is new."""
        before = self.problems
        try:
            report = self._builder.build()
        except SiteError as error:
            self.problems = str(error)
            if not only_news or self.problems != before:
                self._say(self.problems)
            return
        self.problems = None
        if only_news and before is None and not report.made:
            return
        for warning in report.warnings:
            self._say(str(warning))
        self._say(f"{report.made} of {report.files} files made")
        if self._function is not None:
            self._function.built()

    def look_at_settings(self) -> None:
        """Say once what has changed in the settings: a running program goes by those that it began with."""
        changed = self._builder.changed_settings()
        if changed and changed != self._settings_told:
            self._say(f"{', '.join(changed)} changed: stop make serve with Ctrl-C and start it again")
        self._settings_told = changed

    def app(self) -> WSGIApplication:
        """Return the WSGI application (PEP 3333) of the newest good build, or of its problems."""
        files = static_files(self._builder.output)

        def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            path = environ.get("PATH_INFO", "/")
            if self._function is not None and path.startswith(FUNCTION):
                return self._function(environ, start_response)
            if self.problems is not None and path.endswith(("/", ".html")):
                page = _PROBLEMS.format(problems=escape(self.problems))
                return _answer(start_response, "500 Internal Server Error", page.encode())
            return files(environ, start_response)

        return application


def static_files(output: Path) -> WSGIApplication:
    """Return an application that serves a built site, with ETag, Last-Modified and 304 (RFC 9110 §8.8)."""

    def missing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(FUNCTION):
            return _answer(start_response, "503 Service Unavailable", _NO_FUNCTION)
        page = output / "404.html"
        return _answer(start_response, "404 Not Found", page.read_bytes() if page.exists() else b"Not found")

    output.mkdir(parents=True, exist_ok=True)
    files: WSGIApplication = WhiteNoise(
        missing,
        root=output,
        index_file=True,
        autorefresh=True,
        charset="utf-8",
        mimetypes={".vcf": "text/vcard"},
        add_headers_function=_headers,
        max_age=0,  # a browser asks each time, and gets a 304: an edit is never hidden by a cache
        allow_all_origins=False,
    )
    return with_calendars(files)


def _headers(headers: Headers, path: str, url: str) -> None:  # noqa: ARG001 - WhiteNoise's own signature
    """Write the charset as everybody does: WhiteNoise quotes it. And tell files apart by their bytes.

    WhiteNoise takes size and time, in whole seconds: of two edits within one a browser would not see the second.
    """
    headers["Content-Type"] = (headers["Content-Type"] or "").replace('"', "")
    headers["ETag"] = f'"{sha256(Path(path).read_bytes()).hexdigest()[:32]}"'


def _answer(start_response: StartResponse, status: str, page: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")])
    return [page]


def follow(
    preview: SitePreview, builder: Builder, stop: threading.Event, watching: threading.Event | None = None
) -> None:
    """Build again after every change in the content or the theme, until `stop` is set.

    `watching` is set as soon as no change is missed any more.
    """
    folders = (builder.content, builder.theme)
    while not stop.is_set():
        there = {folder for folder in folders if folder.is_dir()}
        is_new = True
        for changes in watch(*there, stop_event=stop, step=20, rust_timeout=500, yield_on_timeout=True):
            if changes or is_new:  # what changed before the watch began is not among the changes
                preview.rebuild(only_news=not changes)
            is_new = False
            if watching is not None:
                watching.set()
            preview.look_at_settings()
            # What is put in the place of a folder is not watched with it.
            if there & {Path(path) for _, path in changes} or there != {
                one for one in folders if one.is_dir()
            }:
                break


def folders_of(port: int) -> dict[str, str]:
    """Return where a preview builds: it is not mixed with `make publish`, nor with a preview on another port."""
    cache = Path(f".cache/serve/{port}").resolve()
    return {"OUTPUT_PATH": str(cache / "output"), "BUILD_PATH": str(cache / "build")}


def function_named(name: str, site_url: str, build: Path, say: Callable[[str], None]) -> Function:
    """Make what "module:name" names, as WSGI servers do: the two wings do not import each other."""
    module, _, attribute = name.partition(":")
    function: Function = getattr(importlib.import_module(module), attribute)(site_url, build, say)
    return function


def function_beside(
    builder: Builder, name: str | None, site_url: str, say: Callable[[str], None]
) -> Function | None:
    """Make the function of this name for what is built; None where there is none, or nobody signs up on the site."""
    return function_named(name, site_url, builder.private, say) if name and builder.sign_up else None


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; the exit status is 1 if the port is taken, or there is no content."""
    parser = argparse.ArgumentParser(prog="python -m plugins.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("-s", "--settings", type=Path, default=Path("pelicanconf.py"))
    parser.add_argument("--function", help="what answers below /register/, as module:name")
    options = parser.parse_args(arguments)
    start_logging()
    site_url = f"http://localhost:{options.port}"
    has_editor = fetched(pinned()) is not None
    settings = {"SITEURL": site_url, "EDITOR": LOCAL if has_editor else None, **folders_of(options.port)}

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        builder = Builder(options.settings, settings, own=True)
    except SiteError as error:
        say(line_of(error))
        return 1
    function = function_beside(builder, options.function, site_url, say)
    preview = SitePreview(builder, say, function)
    try:
        server = create_server(preview.app(), host="127.0.0.1", port=options.port, threads=8)
    except OSError as error:
        print(f"error: port {options.port} is taken ({error}); try: make serve PORT=8001", file=sys.stderr)
        return 1
    preview.rebuild()
    gc.freeze()  # what the first build keeps stays: later ones do not look through it for what is garbage
    print(site_url, flush=True)
    if has_editor:
        say(
            f"{site_url}{Addresses(site_url).editor} is the editor, for Chrome and Edge; it works on this folder"
        )
    stop = threading.Event()
    watcher = threading.Thread(target=follow, args=(preview, builder, stop))
    watcher.start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        server.close()
        watcher.join()
        if function is not None:
            function.close()
    return 0


if __name__ == "__main__":
    # A shell that starts it in the background makes it deaf to Ctrl-C's signal; both end it alike.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    sys.exit(main())
