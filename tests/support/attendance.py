# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of attendance as a browser has it: what it shows, what is filled in, and the form that it would send."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

from justhtml import JustHTML
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from register.domain.model import Registration, State
from tests.support.builders import People
from tests.support.staff import TRAINER, TRAINERS_SESSION, StaffWorld
from tests.support.visitors import Visitor

PATH = f"/register/staff/sessions/{TRAINERS_SESSION}/attendance"
UPLOAD = f"{PATH}/upload"


@dataclass
class Room:
    """A session that begins in a few minutes, its people, and a trainer with a phone."""

    staff: StaffWorld
    people: People
    trainer: Visitor

    def signed_up(self, *names: str, **changes: Any) -> list[Registration]:
        """Sign people up, as they did weeks ago."""
        return [
            each.registration for each in self.people.sign_up(*names, session_id=TRAINERS_SESSION, **changes)
        ]

    def stored(self) -> dict[str, tuple[State, bool | None]]:
        """Return everybody's state and tick by name."""
        roster = self.staff.world.store.roster(TRAINERS_SESSION)
        return {each.person.name: (each.state, each.attended) for each in roster}

    def ticks(self) -> dict[str, bool | None]:
        """Return the ticks of people with a seat by name."""
        return {name: tick for name, (state, tick) in self.stored().items() if state is State.CONFIRMED}

    def trail(self) -> list[tuple[str, str, str | None]]:
        """Return who did what about whom, in the trail's order."""
        names = {
            each.registration_id: each.person.name for each in self.staff.world.store.roster(TRAINERS_SESSION)
        }
        trail = self.staff.world.store.trail(TRAINERS_SESSION)
        return [(each.who, each.action.value, names.get(each.registration_id or "")) for each in trail]

    def page(self, path: str = PATH) -> Page:
        """Open the page."""
        return page_of(self.trainer.get(path))


def room_of(staff: StaffWorld, capacity: int = 20) -> Room:
    """Return a room ten minutes before the start."""
    world = staff.world
    world.change(TRAINERS_SESSION, capacity=capacity)
    people = People(world.store, world.clock.now)
    world.clock.now = world.store.session(TRAINERS_SESSION).terms.starts - timedelta(minutes=10)
    ids = (f"walk-in-{number}" for number in count(1))
    return Room(staff, people, staff.signed_in(TRAINER, new_registration_id=lambda: next(ids)))


@dataclass(frozen=True)
class Page:
    """A page with the form of attendance."""

    response: TestResponse
    form: Mapping[str, str]
    """What its button to save would send."""
    labels: Mapping[str, str]
    """The words beside each tick and choice, by its field's name."""
    root: Any

    @property
    def status(self) -> int:
        return self.response.status_code

    def says(self, selector: str) -> list[str]:
        """Return the texts of elements."""
        return [words(node) for node in self.root.query(selector)]

    def field(self, prefix: str, name: str) -> str:
        """Return the name of the field whose label begins with a person's name."""
        return next(
            field
            for field, label in self.labels.items()
            if field.startswith(prefix) and label.startswith(name)
        )

    def ticked(self, *names: str) -> Page:
        """Tick people."""
        return replace(self, form={**self.form, **{self.field("came-", name): "1" for name in names}})

    def unticked(self, *names: str) -> Page:
        """Take ticks back."""
        gone = {self.field("came-", name) for name in names}
        return replace(self, form={name: value for name, value in self.form.items() if name not in gone})

    def typed(self, **values: str) -> Page:
        """Type into fields, or press a button (`do`)."""
        return replace(self, form={**self.form, **values})

    def sent(self, visitor: Visitor) -> TestResponse:
        """Send the form."""
        return visitor.post(PATH, dict(self.form))

    def saved(self, visitor: Visitor) -> Page:
        """Send the form, and see the page that comes of it."""
        answer = self.sent(visitor)
        return page_of(visitor.follow(answer) if answer.status_code == 303 else answer)

    def uploaded(
        self, visitor: Visitor, report: bytes, name: str = "participants.csv", boundary: str = "-" * 40
    ) -> Page:
        """Send the form with a report; a boundary moves each field by its length."""
        fields = {**self.form, "report": FileStorage(io.BytesIO(report), name)}
        boundary, body = encode_multipart(fields, boundary=boundary)
        kind = f'multipart/form-data; boundary="{boundary}"'
        return page_of(visitor.post(UPLOAD, body, content_type=kind))


def page_of(response: TestResponse) -> Page:
    """Take a page apart."""
    root = JustHTML(response.text, sanitize=False).root
    form: dict[str, str] = {}
    labels: dict[str, str] = {}
    for node in root.query("main form input"):
        name, kind = node.attrs.get("name"), node.attrs.get("type", "text")
        if kind == "checkbox":
            labels[name] = words(node.parent)
        if name and kind != "file" and (kind not in {"checkbox", "radio"} or "checked" in node.attrs):
            form[name] = node.attrs.get("value", "")
    for node in root.query("main form select"):
        chosen = [option for option in node.query("option") if "selected" in option.attrs]
        form[node.attrs["name"]] = chosen[0].attrs["value"] if chosen else ""
        labels[node.attrs["name"]] = words(root.query(f'label[for="{node.attrs["id"]}"]')[0])
    return Page(response, form, labels, root)


def words(node: Any) -> str:
    """Return the text of an element with single blanks."""
    return " ".join(node.to_text().split())
