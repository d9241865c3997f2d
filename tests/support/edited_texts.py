# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may become of the text of a site's files, and which files may come to a site."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image

from tests.support.content import PAGE, PAGE_ES, TRAINER, TRAINING, TRAINING_ES, session_text


def picture_text(number: int) -> str:
    """Return a picture, another one for each number and all of as many bytes, as a text that stands for bytes."""
    out = BytesIO()
    Image.new("RGB", (8, 4), (number, 0, 0)).save(out, "PNG", compress_level=0)
    return out.getvalue().decode("utf-8", "surrogateescape")


def _value(key: str, value: str) -> Callable[[str, int], str]:
    """Give a key another value, written with the number; add it where it is not."""

    def change(text: str, number: int) -> str:
        line = f"{key}: {value.format(number=number, digit=number % 10)}"
        pattern = rf"^{key}:.*$"
        return (
            re.sub(pattern, line, text, count=1, flags=re.M)
            if re.search(pattern, text, re.M)
            else f"{line}\n{text}"
        )

    return change


def _line_left_out(text: str, number: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for place, line in enumerate(lines) if place != number % max(len(lines), 1))


def _messages_turned_round(text: str, _: int) -> str:
    head, *messages = text.split("\n\n")
    return "\n\n".join([head, *reversed(messages)])


# For each kind of file, what may become of its text; a number makes it another one each time.
SESSION_TEXTS: dict[str, Callable[[str, int], str]] = {
    "capacity": _value("Capacity", "{number}"),
    "canceled": _value("Status", "cancelled"),
    "on again": _value("Status", "scheduled"),
    "day": _value("Start", "2026-12-1{digit} 08:00"),
    "length": _value("Duration", "{number}"),
    "series": _value("Repeat", "FREQ=WEEKLY;COUNT={digit}"),
    "place": _value("Location", "Room {number}"),
    "link": _value("Join-Url", "https://meet.example.org/{number}"),
    "closes": _value("Registration-Closes", "{digit} days before"),
    "trainer": _value("Trainers", "ca-msix-support"),
    "held in Spanish": _value("Language", "es"),
}
PAGE_TEXTS: dict[str, Callable[[str, int], str]] = {
    "title": _value("Title", "Title {number}"),
    "summary": _value("Summary", "Summary {number}."),
    "order": _value("Order", "{digit}"),
    "flyer": _value("Layout", "flyer"),
}
CONTACT_TEXTS: dict[str, Callable[[str, int], str]] = {
    "name": _value("Title", "Ana {number}"),
    "role": _value("Role", "Role {number}"),
    "extension": _value("Extension", "{number}"),
    "support": _value("Kind", "support"),
    "trainer's kind": _value("Kind", "trainer"),
}
TRAINING_TEXTS: dict[str, Callable[[str, int], str]] = {
    "title": _value("Title", "Training {number}"),
    "badge": _value("Badge", "New {number}"),
    "for parents": _value("For", "parents"),
    "order": _value("Order", "{digit}"),
}
BODY_TEXTS: dict[str, Callable[[str, int], str]] = {
    "picture": lambda text, _: f"{text}\n\n![A map](/images/map.png)\n",
    "retention": lambda text, _: f"{text}\n\nFor {{{{ retention_days }}}} days.\n",
    "way": lambda text, _: f"{text}\n\n[Dates](/schedule/)\n",
}
ALL_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more text": lambda text, number: f"{text}\n\nText **{number}**.\n",
    "text left out": lambda text, _: text.split("\n\n", 1)[0] + "\n",
    "other line ends": lambda text, _: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "nothing": lambda text, _: text,
    "line left out": _line_left_out,
    "no key": lambda text, number: f"nonsense {number}\n{text}",
    "not UTF-8": lambda text, _: f"{text}\udcff",
}
TEMPLATE_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more text": lambda text, number: f"{text}<p>{number}</p>\n",
    "macro": lambda text, number: text.replace("{% endmacro %}", f"{number}{{% endmacro %}}"),
    "no name": lambda text, number: f"{text}{{{{ nothing_{number} }}}}\n",
    "no end": lambda text, _: f"{text}{{% if site %}}\n",
}
CATALOGUE_TEXTS: dict[str, Callable[[str, int], str]] = {
    "other words": lambda text, number: re.sub(r'msgstr "\w+', f'msgstr "Palabra{number}', text),
    "turned round": _messages_turned_round,
    "no message": lambda text, _: f"{text}\nmsgid\n",
}
STATIC_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more style": lambda text, number: f"{text}\n.a{number} {{ order: {number} }}\n",
    "comment": lambda text, number: f"{text}/* {number} */",
}
PICTURE_TEXTS: dict[str, Callable[[str, int], str]] = {
    "another of as many bytes": lambda _, number: picture_text(number),
    "no picture": lambda _, number: f"not a picture {number}",
}
SETTINGS_TEXTS: dict[str, Callable[[str, int], str]] = {
    "address": lambda text, number: f'{text}SITEURL = "https://{number:02}.example.org"\n',
    "folder": lambda text, number: f'{text}SITEURL = "https://trainings.example.org/msix{number:02}"\n',
    "retention": lambda text, number: f"{text}RETENTION_DAYS = {number}\n",
    "own sessions": lambda text, _: f"{text}SAMPLE_CONTENT = False\n",
    "nobody signs up": lambda text, _: f'{text}SIGNUP = "none"\n',
    "sign-up again": lambda text, _: f'{text}SIGNUP = "here"\n',
    "comment": lambda text, number: f"{text}# {number}\n",
    "no project": lambda text, number: f'{text}EDITOR = "github:{number}"\n',
    "no address": lambda text, number: f'{text}SITEURL = "{number}"\n',
    "no Python": lambda text, number: f"{text}{number} =\n",
}
SCRIPT_TEXTS: dict[str, Callable[[str, int], str]] = {
    "more script": lambda text, number: f"{text}console.log({number});\n",
    "comment": lambda text, number: f"{text}// {number}\n",
}
KINDS: Mapping[str, Mapping[str, Callable[[str, int], str]]] = {
    r"content/images/.*": PICTURE_TEXTS,
    r"content/sessions/.*": SESSION_TEXTS | BODY_TEXTS | ALL_TEXTS,
    r"content/trainers/.*": CONTACT_TEXTS | ALL_TEXTS,
    r"content/trainings/.*": TRAINING_TEXTS | BODY_TEXTS | ALL_TEXTS,
    r"content/.*": PAGE_TEXTS | BODY_TEXTS | ALL_TEXTS,
    r"pelicanconf\.py": SETTINGS_TEXTS,
    r"theme/templates/.*": TEMPLATE_TEXTS,
    r".*\.po": CATALOGUE_TEXTS,
    r".*\.js": SCRIPT_TEXTS,
    r".*": STATIC_TEXTS,
}


def texts_of(path: str) -> Mapping[str, Callable[[str, int], str]]:
    """Return what may become of the text of a file, by name."""
    return next(kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, path))


NEW_FILES = {
    "content/sessions/a.md": session_text(Start="2026-12-08 14:00"),
    "content/sessions/b.md": session_text("Bring a **pen**.", Start="2027-01-07 10:00"),
    "content/sessions/b.es.md": "\nTraiga una *pluma*.\n",
    "content/sessions/course.md": session_text(
        "Weekly.", Start="2027-02-01 09:00", Repeat="FREQ=WEEKLY;COUNT=3"
    ),
    "content/sessions/course.es.md": "\nCada semana.\n",
    "content/sessions/course-2027-02-08.md": "Capacity: 5\nStatus: cancelled\n",
    "content/sessions/course-2027-02-08.es.md": "\nNo esta semana.\n",
    "content/sessions/course-2027-02-10.md": "Start: 2027-02-10 15:00\n",
    "content/trainings/second.md": TRAINING.replace("Overview", "Second"),
    "content/trainings/second.es.md": TRAINING_ES.replace("Panorama", "Segunda"),
    "content/trainers/ana.md": TRAINER.replace("Uriel Ramirez Torres", "Ana Ruiz"),
    "content/trainers/ana.es.md": "Role: Capacitadora\n",
    "content/pages/about.md": PAGE.replace("Home", "About us"),
    "content/pages/about.es.md": PAGE_ES.replace("Inicio", "Quiénes somos"),
    "content/images/map.png": picture_text(0),
    "content/organizations.md": "Yolo County Office of Education\nButte County Office of Education\n",
    "content/parents/index.md": PAGE.replace("Home", "Parents"),
    "content/parents/index.es.md": PAGE_ES.replace("Inicio", "Familias"),
    "content/parents/one.md": PAGE.replace("Home", "One"),
    "content/parents/one.es.md": PAGE_ES.replace("Inicio", "Una"),
    "theme/templates/_unused.html": "{# nobody includes it #}\n",
    "theme/translations/es/LC_MESSAGES/zz.po": 'msgid "Schedule"\nmsgstr "Agenda"\n',
    "theme/templates/.page.html.swp": "left by an editor",
    "theme/static/print.css": "@media print { a { color: black } }\n",
    "theme/static/parts/unused.js": "export const unused = 1;\n",
}
"""Files that may come to a site; sessions that are in no other's way."""
