# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of the built site over HTTP: of the version that is shown, with the headers that protect pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from whitenoise import WhiteNoise

from register.domain.errors import ConfigError
from register.settings.current_build import ShownBuild, following
from schedule.calendar_http import with_calendars
from schedule.editor_policy import EDITOR_POLICY
from schedule.page_headers import PAGES, POLICY_HEADER

if TYPE_CHECKING:
    from wsgiref.headers import Headers

    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PAGES_FOR = 300

_GONE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Please try again in a few minutes</title>
<p>This site is being put back. Please try again in a few minutes.</p>
<p lang="es">Estamos restableciendo este sitio. Inténtelo de nuevo en unos minutos.</p>
</html>
"""


def shown_site(
    current: Callable[[], ShownBuild], build: Path, output: Path, folder: str = ""
) -> WSGIApplication:
    """Return an application that serves the site that belongs to the build that is shown. Raises ConfigError.

    `build` and `output` are where the newest ones are, `folder` is that of the host in which the site is. Of what lies
    side by side, a version is shown as a whole, and pages that were loaded from another version still find its styles.
    """
    are_together = output.parent == build.parent

    def made(shown: ShownBuild) -> WSGIApplication:
        site = shown.build.folder.parent / output.name if are_together else output
        if not site.is_dir():
            first = "make publish" if shown.build.public else "make publish (or make html)"
            raise ConfigError(f"{site} is not there; run {first} first, or give --output")
        others = [version.folder.parent / output.name for version in shown.kept] if are_together else []
        return files(site, folder, others)

    return following(current, made)


def files(output: Path, folder: str = "", others: Sequence[Path] = ()) -> WSGIApplication:
    """Return an application that serves a built site, and the styles and scripts of other versions of it.

    It looks at each file anew, so that what is built takes hold. `folder` is that of the host in which the site is.
    """

    def missing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if folder and environ.get("PATH_INFO") == folder:
            start_response("308 Permanent Redirect", [("Location", f"{folder}/")])
            return []
        status, more, body = "404 Not Found", [], b"Not found\n"
        if not output.is_dir():  # somebody has deleted it
            status, more, body = "503 Service Unavailable", [("Retry-After", "60")], _GONE.encode()
        elif (page := output / "404.html").exists():
            body = page.read_bytes()
        length = ("Content-Length", str(len(body)))
        start_response(status, [("Content-Type", "text/html; charset=utf-8"), length, *more])
        # The server would send it, and whoever asked would take it for the beginning of the next answer.
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    rest: WSGIApplication = missing
    for other in others:
        rest = _for_theme(_files(other, folder, rest), rest, folder)
    return with_calendars(_protected(_files(output, folder, rest), folder))


def _protected(site: WSGIApplication, folder: str) -> WSGIApplication:
    """Return an application each of whose answers has the headers that protect pages.

    One that sends no page has them, too: a browser that is told that its page is still the newest goes by them.
    """
    editor = (f"{folder}/edit/", f"{folder}/es/edit/")
    of_editor = tuple((dict(PAGES) | {POLICY_HEADER: EDITOR_POLICY}).items())

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        protection = of_editor if environ.get("PATH_INFO", "").startswith(editor) else PAGES

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            return start_response(status, [*headers, *protection], exc_info)

        return site(environ, start)

    return application


def _files(root: Path, folder: str, missing: WSGIApplication) -> WSGIApplication:
    """Return what serves the files below a root, and leaves what is not there to `missing`."""
    theme = f"{folder}/theme/"

    def add_headers(headers: Headers, path: str, url: str) -> None:  # noqa: ARG001 - WhiteNoise's own signature
        # WhiteNoise quotes the charset, as nobody does.
        headers["Content-Type"] = (headers["Content-Type"] or "").replace('"', "")

    site: WSGIApplication = WhiteNoise(
        missing,
        root=root,
        prefix=f"{folder}/",
        index_file=True,
        autorefresh=True,
        charset="utf-8",
        mimetypes={".vcf": "text/vcard"},
        max_age=_PAGES_FOR,
        immutable_file_test=lambda path, url: url.startswith(theme),  # noqa: ARG005 - WhiteNoise's signature
        add_headers_function=add_headers,
        allow_all_origins=False,
    )
    return site


def _for_theme(theme: WSGIApplication, rest: WSGIApplication, folder: str) -> WSGIApplication:
    """Return what asks one application for what pages are made up with, and another for all else."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answers = theme if environ.get("PATH_INFO", "").startswith(f"{folder}/theme/") else rest
        return answers(environ, start_response)

    return application
