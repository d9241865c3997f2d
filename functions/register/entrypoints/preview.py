# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function beside the preview of `make serve`: it follows each build, and is synced with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from register.bootstrap import Application, for_preview
from register.domain.errors import RegisterError
from register.entrypoints.staff_lines import start_line, strangers
from register.operations.sync import sync

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from register.mail.worker import Workers


class Preview:
    """The function beside the preview; emails go out within seconds.

    Its own store, mail folder and secret are below var/, unless the environment says otherwise.
    """

    def __init__(self, site_url: str, build: Path, say: Callable[[str], None]) -> None:
        self._site_url, self._build, self._say = site_url, build, say
        self._running: tuple[Application, Workers, WSGIApplication] | None = None
        self._why = "The site has not been built yet."
        """Why it does not run."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333); before the first good build there is nothing to sign up for."""
        if self._running is None:
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")]
            start_response("503 Service Unavailable", headers)
            return [f"{self._why}\n".encode()]
        return self._running[2](environ, start_response)

    def built(self) -> None:
        """Sync with what a build has written, and start with the first good one."""
        try:
            self._running = self._running or self._started()
            application, workers, _ = self._running
            # Emails into a folder disturb nobody; what reaches people is sent on purpose only.
            harmless = application.config.mail.startswith("folder:")
            plan, done = sync(
                application.build.contract(),
                application.store,
                application.resolve(),
                now=application.clock(),
                yes=harmless,
            )
        except RegisterError as error:
            self._why = f"Sign-up and the staff desk could not start: {error}\nCorrect it, and start again."
            self._say(f"register: {error}")
            return
        workers.wake()
        for line in plan.warnings():
            self._say(f"register: {line}")
        if done.changed:
            self._say(f"register: {done.changed} sessions synced")

    def close(self) -> None:
        """Finish the email that is being sent, and close the store."""
        if self._running:
            application, workers, _ = self._running
            workers.stop()
            application.close()

    def _started(self) -> tuple[Application, Workers, WSGIApplication]:
        """Raises RegisterError."""
        application = for_preview(self._site_url, self._build)
        lines = [start_line(application), *(f"register: {line}" for line in strangers(application))]
        workers = application.workers()
        app = application.app(workers.wake)
        workers.start()
        for line in lines:
            self._say(line)
        return application, workers, app
