# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a text says the same in English and in Spanish, as far as one can count: its parts, numbers, links, length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import ndiff
from typing import Any
from urllib.parse import parse_qsl, unquote

from justhtml import JustHTML

_PARTS = (
    "h1 h2 h3 h4 h5 h6 p ul ol li dl dt dd table tr th td caption blockquote pre hr "
    "header footer nav main section article form fieldset legend label option button details summary"
)
PARTS = frozenset(_PARTS.split())
"""The elements that make up a text for its readers; all else belongs to the one that it is in."""
WORDS = frozenset({"name", "text", "subject", "details", "body", "location", "lang"})
"""The parameters of links to calendars on the web that are read by people, and the language of the function's pages."""
UNSAID = frozenset({"script", "style", "template", "#comment", "!doctype", "head"})
LENGTHS = (0.8, 1.75)
"""How many times as long as the English the Spanish of a part may be: where half a sentence was missing, it was 0.6
to 0.82."""
SHORT = 60
"""Parts of fewer characters may have any length."""

_MONTHS = (
    "january enero, february febrero, march marzo, april abril, may mayo, june junio, july julio, august agosto, "
    "september septiembre, october octubre, november noviembre, december diciembre"
)
_DAYS = (
    "sunday domingo, monday lunes, tuesday martes, wednesday miércoles, thursday jueves, friday viernes, "
    "saturday sábado"
)
# One is left out: “un” and “one” are not only numbers.
_NUMBERS = (
    "two|both|twice dos|ambos|ambas|doble, three tres, four cuatro, five cinco, six seis, seven siete, "
    "eight ocho, nine nueve, ten diez, eleven once, twelve doce, twenty veinte, thirty treinta, half mitad|medio, "
    "ninth noveno"
)


@dataclass(slots=True)
class Part:
    """A part of a text: where it is, as "main ul li", and what itself says, links to and stresses."""

    place: str
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    stressed: int = 0

    @property
    def text(self) -> str:
        """What it says, with single spaces."""
        return " ".join(" ".join(self.texts).split())


def parts(html: str) -> list[Part]:
    """Take a text apart, in its order."""
    whole = Part("")
    return [whole, *_parts(JustHTML(html, sanitize=False).root, whole)]


def _parts(node: Any, inside: Part) -> Iterator[Part]:
    for child in node.children:
        if child.name == "#text":
            inside.texts.append(child.data)
        # What is hidden from screen readers, as a day's leaf of the calendar, is said in words beside it.
        elif child.name not in UNSAID and child.attrs.get("aria-hidden") != "true":
            part = inside
            if child.name in PARTS:
                part = Part(f"{inside.place} {child.name}".strip())
                yield part
            # A link to the page in the other language leads to another page on each of the two.
            if child.attrs.get("href") and "hreflang" not in child.attrs:
                part.links.append(child.attrs["href"])
            part.stressed += child.name == "strong"
            yield from _parts(child, part)


def _pairs(words: str) -> list[tuple[str, str]]:
    return [(english, spanish) for english, spanish in (pair.split() for pair in words.split(", "))]


def _finders() -> Iterator[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    """Yield what finds the numbers that are words: their name, and a pattern for each language."""
    for english, spanish in _pairs(_NUMBERS):
        yield english.split("|")[0], re.compile(rf"\b(?:{english})\b"), re.compile(rf"\b(?:{spanish})\b")
    for english, spanish in _pairs(_DAYS):
        short, corto = english[:3], spanish[:3]
        yield (
            english,
            re.compile(rf"\b(?:{english}|{short}(?=,))"),
            re.compile(rf"\b(?:{spanish}|{corto}(?=,))"),
        )
    for english, spanish in _pairs(_MONTHS):
        # “May” is also a verb, “mar” a day and “dic” no word: in short, a month stands beside a number.
        whole = "may(?= [0-9])" if english == "may" else english
        yield (
            english,
            re.compile(rf"\b(?:{whole}|{english[:3]}(?= [0-9]))"),
            re.compile(rf"\b{spanish}\b|(?<=[0-9] de ){spanish[:3]}\b"),
        )


_FINDERS = tuple(_finders())


def figures(text: str, *, spanish: bool) -> list[str]:
    """Return all numbers, days, times and phones that a text says, each in the same form, sorted."""
    said = " ".join(text.lower().split())
    found = re.findall(r"[0-9]+(?:[.,:][0-9]+)*|\b[ap](?=\. ?m\.)", said)
    for name, ours, theirs in _FINDERS:
        found += [name] * len((theirs if spanish else ours).findall(said))
    return sorted(found)


def address(link: str) -> str:
    """Return where a link leads, without its language and the words that it hands on to another site."""
    base, _, query = link.partition("?")
    given = "&".join(f"{name}={value}" for name, value in parse_qsl(query) if name not in WORDS)
    return re.sub(r"(^|//[\w.:-]+)/es/", r"\1/", unquote(f"{base}?{given}" if given else base))


def differences(english: str, spanish: str, *, lengths: tuple[float, float] | None = None) -> list[str]:
    """Return what one of two texts in HTML says and the other does not, a line each; with `lengths`, how much, too."""
    ours, theirs = parts(english), parts(spanish)
    places, lugares = [part.place for part in ours], [part.place for part in theirs]
    if places != lugares:
        return [f"part {line}" for line in ndiff(places, lugares) if line[0] in "+-"]
    return [line for part, parte in zip(ours, theirs, strict=True) for line in _between(part, parte, lengths)]


def _between(part: Part, parte: Part, lengths: tuple[float, float] | None) -> Iterator[str]:
    said = f"“{part.text[:70]}” / “{parte.text[:70]}”"
    numbers = (figures(part.text, spanish=False), figures(parte.text, spanish=True))
    if numbers[0] != numbers[1]:
        yield f"numbers {numbers[0]} / {numbers[1]}: {said}"
    links = (sorted(map(address, part.links)), sorted(map(address, parte.links)))
    if links[0] != links[1]:
        yield f"links {links[0]} / {links[1]}: {said}"
    if part.stressed != parte.stressed:
        yield f"stressed {part.stressed} / {parte.stressed}: {said}"
    if lengths and len(part.text) > SHORT:
        ratio = len(parte.text) / len(part.text)
        if not lengths[0] <= ratio <= lengths[1]:
            yield f"length {ratio:.2f}: {said}"
