# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say of a session's seats, and a visit to a page whose sign-up function answers when it is told to."""

from __future__ import annotations

import json
import threading

from tests.support.windows import Window

STATUS = "/register/status.json"
OPEN = "cafe-2026-12-16"
"""A session with 30 seats that takes registrations on the day of the build."""
LANGUAGES = {"": "en", "/es": "es"}


def entry(state: str, seats_left: object = 0, waiting: object = 0) -> dict[str, object]:
    """Return what the function says about one session."""
    return {"state": state, "seats_left": seats_left, "waiting": waiting}


def answer(said: object, *sessions: str) -> bytes:
    """Return the function's answer: the same for each of these sessions."""
    return json.dumps({"sessions": dict.fromkeys(sessions or (OPEN,), said)}).encode()


STATES = {
    "open": entry("open", 12),
    "one seat": entry("open", 1),
    "full": entry("full"),
    "full with a line": entry("full", 0, 13),
    "closed": entry("closed", 12),
    "cancelled": entry("cancelled", 12),
}
SAID = {
    "en": {
        "open": "12 of 30 seats left",
        "one seat": "1 seat left",
        "full": "Full: join the waiting list",
        "full with a line": "Full: 13 on the waiting list",
        "closed": "Sign-up closed",
        "cancelled": "Canceled",
    },
    "es": {
        "open": "Quedan 12 de 30 lugares",
        "one seat": "Queda 1 lugar",
        "full": "Cupo lleno: hay lista de espera",
        "full with a line": "Cupo lleno: 13 en espera",
        "closed": "Inscripción cerrada",
        "cancelled": "Cancelada",
    },
}
IN_A_LIST = {
    "en": {
        "open": "",
        "one seat": "Few seats",
        "full": "Full",
        "full with a line": "Full",
        "closed": "Closed",
        "cancelled": "Canceled",
    },
    "es": {
        "open": "",
        "one seat": "Casi lleno",
        "full": "Lleno",
        "full with a line": "Lleno",
        "closed": "Cerrada",
        "cancelled": "Cancelada",
    },
}
BUILT = {"en": "30 seats", "es": "30 lugares"}
NOTES = {
    "en": {
        "open": "When all seats are taken, you’ll join the waiting list.",
        "full": "All seats are taken: you’ll join the waiting list. Other dates",
        "closed": "Sign-up for this date has closed. Other dates of this training",
        "cancelled": "This date is canceled. Other dates of this training",
    },
    "es": {
        "open": "Si el cupo se llena, entrará en la lista de espera.",
        "full": "El cupo está lleno: entrará en la lista de espera. Otras fechas",
        "closed": "La inscripción para esta fecha ya cerró. Otras fechas de esta capacitación",
        "cancelled": "Esta sesión se canceló. Otras fechas de esta capacitación",
    },
}


class Visit:
    """A page of the site whose sign-up function answers only when it is told to."""

    def __init__(self, window: Window, told: threading.Event) -> None:
        self.window = window
        self.page = window.page
        self._told = told

    def go(self, path: str) -> None:
        """Open a page, and wait until it is painted as it was built."""
        self._told.clear()
        self.window.go(path)
        self.window.wait_until_painted()

    def hear(self) -> None:
        """Let the function answer, and wait until the page has made of it what it makes of it."""
        self._told.set()
        # An answer to the same question, asked later, comes later.
        self.page.evaluate("url => fetch(url).then(answer => answer.text())", STATUS)
        self.window.wait_until_painted()

    def seats(self, session: str = OPEN) -> str:
        """Return what the page says about the seats of a session."""
        return self.page.locator(f"[id=s-{session}] .seats").inner_text()

    def notes(self) -> list[str]:
        """Return what can be seen above the form."""
        return [one.inner_text() for one in self.page.locator(".swap p").all() if one.is_visible()]
