# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lines and components of a calendar's bytes, read without the library that wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from plugins.trainings.problems import SiteError

LINE_LIMIT = 75  # octets without the line's end, RFC 5545 §3.1

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER.pattern})*):(.*)", re.DOTALL)


class Fault(NamedTuple):
    """What is wrong with a line of a calendar."""

    line: int
    text: str


class MalformedCalendar(SiteError):
    """A calendar whose lines or components cannot be told apart; `fault` says where and why."""

    def __init__(self, line: int, text: str) -> None:
        self.fault = Fault(line, text)
        super().__init__(f"line {line}: {text}")


@dataclass(frozen=True, slots=True)
class Property:
    """An unfolded line: its number in the file, its text and its parts."""

    line: int
    text: str
    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return the properties of a name."""
        return [prop for prop in self.properties if prop.name == name]

    def value(self, name: str) -> str:
        """Return the value of the first property of a name, or an empty text."""
        return next((prop.value for prop in self.properties if prop.name == name), "")

    @property
    def events(self) -> list[Component]:
        """The VEVENTs that stand directly in it."""
        return [part for part in self.parts if part.name == "VEVENT"]

    def walk(self) -> Iterator[Component]:
        """Yield this component and all inside it."""
        yield self
        for part in self.parts:
            yield from part.walk()


def byte_faults(data: bytes) -> Iterator[Fault]:
    """Yield what is wrong with the physical lines, each by itself (RFC 5545 §3.1)."""
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    if not data.endswith(b"\r\n"):
        yield Fault(len(lines), "the last line does not end in CRLF")
    for number, line in enumerate(lines, 1):
        if b"\r" in line or b"\n" in line:
            yield Fault(number, "CR or LF outside of CRLF")
        if len(line) > LINE_LIMIT:
            yield Fault(number, f"{len(line)} octets, more than {LINE_LIMIT}")
        if not line:
            yield Fault(number, "is empty")
        if _CONTROL.search(line):
            yield Fault(number, "contains a control character")
        try:
            line.decode()
        except UnicodeDecodeError:
            yield Fault(number, "is not UTF-8 by itself")


def _unfolded(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield each content line (RFC 5545 §3.1) and the number of the physical line on which it begins."""
    number, parts = 0, list[bytes]()
    for current, line in enumerate(re.split(rb"\r?\n", data.removesuffix(b"\r\n")), 1):
        if line[:1] in (b" ", b"\t"):
            parts.append(line[1:])
            continue
        if parts:
            yield number, b"".join(parts).decode(errors="replace")
        number, parts = current, [line]
    yield number, b"".join(parts).decode(errors="replace")


def parsed(data: bytes) -> Component:
    """Return the VCALENDAR, or raise MalformedCalendar."""
    root = Component("", 0)
    stack = [root]
    for number, text in _unfolded(data):
        match = _LINE.fullmatch(text)
        if not match:
            raise MalformedCalendar(number, "is no content line")
        name, value = match[1].upper(), match[match.re.groups]
        if name == "BEGIN":
            stack.append(Component(value, number))
            stack[-2].parts.append(stack[-1])
        elif name == "END":
            if len(stack) == 1 or stack[-1].name != value:
                raise MalformedCalendar(number, f"END:{value} closes nothing")
            stack.pop()
        else:
            parameters = {key.upper(): word.strip('"') for key, word in _PARAMETER.findall(match[2])}
            stack[-1].properties.append(Property(number, text, name, parameters, value))
    if len(stack) > 1:
        raise MalformedCalendar(stack[-1].line, f"BEGIN:{stack[-1].name} is never closed")
    if root.properties or [part.name for part in root.parts] != ["VCALENDAR"]:
        raise MalformedCalendar(1, "is not exactly one VCALENDAR")
    return root.parts[0]
