# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function beside the preview of `make serve`: made anew from each build, and synced with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from register.bootstrap import Application, for_preview
from register.domain.errors import RegisterError
from register.operations.sync import sync

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from register.mail.worker import Worker


class Preview:
    """The function beside the preview: it follows each build, and mail goes out within seconds.

    Its own store, mail folder and secret are below var/, unless the environment says otherwise.
    """

    def __init__(self, site_url: str, build: Path, say: Callable[[str], None]) -> None:
        self._site_url, self._build, self._say = site_url, build, say
        self._application: Application | None = None
        self._worker: Worker | None = None
        self._app: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """ErrorPage a request (PEP 3333); before the first good build there is nothing to sign up for."""
        if self._app is None:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "5")])
            return [b"The site has not been built yet.\n"]
        return self._app(environ, start_response)

    def built(self) -> None:
        """Take over what a build has written: the pages' look, and the schedule."""
        try:
            application = self._made()
            application.forget_site()
            if self._worker:
                self._worker.stop()
            self._worker = application.worker()
            self._app = application.app(self._worker.wake)
            self._worker.start()
            # Mail into a folder disturbs nobody; what reaches people is sent on purpose only.
            harmless = application.config.mail.startswith("folder:")
            plan, done = sync(
                application.contract(),
                application.store,
                application.resolve(),
                now=application.clock(),
                yes=harmless,
            )
            self._worker.wake()
        except RegisterError as error:
            self._say(f"register: {error}")
            return
        for line in plan.warnings():
            self._say(f"register: {line}")
        if done.changed:
            self._say(f"register: {done.changed} sessions synced")

    def close(self) -> None:
        """Finish the mail that is being sent, and close the store."""
        if self._worker:
            self._worker.stop()
        if self._application:
            self._application.store.close()

    def _made(self) -> Application:
        if self._application is None:
            self._application = for_preview(self._site_url, self._build)
        return self._application
