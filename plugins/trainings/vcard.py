# SPDX-License-Identifier: AGPL-3.0-or-later
"""A contact as a vCard 3.0 (RFC 2426), the version that every telephone reads."""

from __future__ import annotations

from schedule.addresses import Addresses
from schedule.model import ContactKind, Trainer


def vcard(trainer: Trainer, addresses: Addresses) -> bytes:
    """Return somebody's card: CRLF, lines of at most 75 octets folded between characters (RFC 2425, 5.8.1)."""
    language = addresses.language
    name = trainer.name.text(language)
    first, _, last = name.partition(" ")
    extension = f",{trainer.phone.extension}" if trainer.phone.extension else ""
    person = trainer.kind is ContactKind.TRAINER
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_escaped(last)};{_escaped(first)};;;" if person else f"N:{_escaped(name)};;;;",
        f"FN:{_escaped(name)}",
        f"TITLE:{_escaped(trainer.role.text(language))}",
        f"TEL;TYPE=WORK,VOICE:{trainer.phone.number}{extension}",
        *([f"EMAIL;TYPE=INTERNET:{_escaped(trainer.email)}"] if trainer.email else []),
        f"URL:{addresses.whole(addresses.contacts)}",
        "END:VCARD",
    ]
    return b"".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    out, width = bytearray(), 0
    for character in line:
        octets = character.encode()
        if width + len(octets) > 75:
            out += b"\r\n "
            width = 1
        out += octets
        width += len(octets)
    return bytes(out) + b"\r\n"
