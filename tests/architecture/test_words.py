# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that are out stay out: what people read, here and on the site, says one thing in one way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from register.entrypoints.command_line import main
from schedule.model import LANGUAGES
from tests.site.test_translations import translated, wanted
from tests.support.constants import ROOT
from tests.support.emails import KINDS_AND_STATES, email_for, html_of, text_of
from tests.support.staff_emails import NEWS, staff_email

# What a text says in their place.
OUT = {
    r"(?i)e-mail": "email",
    r"(?i)\bmails\b": "emails",
    r"(?i)\b(?:our|a|the|one|each|no) mail\b": "email",
    r"(?i)\bmail (?:server|program)s?\b": "email server, email program",
    r"\bHeld in\b": "Language",
    r"\bFind a date\b": "See the dates",
    r"(?i)\bwhom (?:to call|to ask|do|can|should)\b": "who to call, who can I ask",
    r"\b(?:to|for) who\b": "to people who, for people who",
    r"(?<!person )(?<!somebody )\bwho waits\b": "people who wait",
    r"\bnought\b": "zero",
    r"(?i)\bupkeep\b": "maintenance",
    "[«»]": "“ ”",
}
OUT_IN_SPANISH = {
    r"(?i)\bpadres de familia\b": "las familias",
    r"(?i)\bcapacitación sobre MSIX\b": "capacitación de MSIX",
    r"(?i)\bfechas que se muestran:": "26 fechas",
    r"(?i)\bpágina del calendario\b": "página de fechas",
    r"(?i)\bpalabras que va a encontrar\b": "glosario de MSIX",
    r"(?i)\bmuchísim[oa]s\b": "demasiadas",
    r"(?i)\btodo solo con el teclado\b": "todo el sitio únicamente con el teclado",
    r"(?i)\bnada se mueve en él\b": "no tiene animaciones",
    r"(?i)(?<!amarilla o )\bcartilla\b": "comprobante de vacunas (tarjeta amarilla o cartilla), then comprobante",
    # Where a form says which gender people have, another says who they are.
    r"(?i)\best(?:á|ás|oy) segur[oa]\b": "¿tiene dudas?",
    r"(?i)\bbienvenid[oa]s?\b": "también pueden venir",
    r"(?i)\btutor(?:as?|es)?\b": "personas a cargo de estudiantes",
    r"(?i)\bjunt[oa]s\b": "en grupo, le ayudamos a",
    r"(?i)\b(?:un|una|el|la) intérprete\b": "intérprete",
    r"(?i)\b(?:reclutador|consejer)[oae]s?\b": "personal de reclutamiento, consejería",
    r"(?i)\b(?:los|otros|unos) (?:usuarios|participantes|educadores|maestros|administradores|capacitadores|instructores)\b": (
        "quienes, las personas que, el personal"
    ),
}
# These are words of English, or of programs, too.
OUT_IN_SPANISH_ALONE = {
    r"(?i)\b(?:tú|tus?|te|ti|contigo)\b": "usted, su, le",
    r"(?i)\be?-?mails?\b": "correo",
    r"(?i)\b(?:ordenador|móvil)(?:es)?\b": "computadora, celular",
}
# In prose alone: a content file, the contract and names in code have the other spelling.
OUT_OF_PROSE = {
    r"(?i)(?<!Status: )(?<!`)\bcancelled\b(?!`)": "canceled",
    r"(?i)\bmend(?:s|ed|ing)?\b": "fix",
    r"(?i)\bneed not\b": "doesn’t have to",
}
ALLOWED = {
    # The quotation marks that a name may hold.
    "functions/register/domain/names.py": "[«»]",
}
PROSE = (
    "*.md",
    "docs/**/*.md",
    "infra/**/*.md",
    "content/pages/*.md",
    "content/parents/*.md",
    "content/trainings/*.md",
)
TEXTS = (
    *PROSE,
    "*.py",
    "content/**/*.md",
    "functions/**/*.py",
    "infra/**/*",
    "plugins/**/*.py",
    "schedule/**/*.py",
    "theme/**/*.html",
    "theme/**/*.js",
    "theme/**/*.po",
    "theme/**/*.txt",
)


def spanish_texts() -> dict[str, str]:
    """Return all that stands in Spanish alone, by where it is from."""
    content = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in files(("content/**/*.es.md", "docs/*.es.md"))
    }
    return content | translated()


def emails() -> dict[str, str]:
    """Return the words of every kind of email in every language."""
    sent = {
        f"{kind} {state} {language}": email_for(kind, state, language)
        for kind, state in KINDS_AND_STATES
        for language in LANGUAGES
    }
    sent |= {
        f"to staff: {name} {language}": staff_email(name, language) for name in NEWS for language in LANGUAGES
    }
    return {name: f"{email['Subject']}\n{text_of(email)}\n{html_of(email)}" for name, email in sent.items()}


def helps() -> dict[str, str]:
    """Return what each command of staff says of itself."""
    asked = [(), *((name,) for name in main.commands)]
    return {" ".join(args): CliRunner().invoke(main, [*args, "--help"]).output for args in asked}


def found_in(text: str, words: dict[str, str]) -> list[str]:
    """Return the words of a text that are out, each with its line and what to say in its place."""
    return [
        f"{text.count(chr(10), 0, match.start()) + 1}: {match[0]!r}, say {instead}"
        for pattern, instead in words.items()
        for match in re.finditer(pattern, text)
    ]


def allowed_words(path: Path, words: dict[str, str]) -> dict[str, str]:
    """Return the words that are out of a file: all but what it may have."""
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix())
    return {pattern: instead for pattern, instead in words.items() if pattern != allowed}


def files(patterns: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of the project at these places."""
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}):
        if "__pycache__" not in path.parts:
            yield path


@pytest.mark.parametrize(
    ("patterns", "words"),
    [(TEXTS, OUT), (TEXTS, OUT_IN_SPANISH), (PROSE, OUT_OF_PROSE)],
    ids=["texts", "Spanish", "prose"],
)
def test_no_text_of_the_project_has_a_word_that_is_out(
    patterns: tuple[str, ...], words: dict[str, str]
) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): wrong
        for path in files(patterns)
        if (wrong := found_in(path.read_text(encoding="utf-8"), allowed_words(path, words)))
    }
    assert found == {}


def test_nothing_that_pages_emails_and_calendars_say_has_a_word_that_is_out() -> None:
    assert {message: wrong for message in wanted() if (wrong := found_in(message, OUT | OUT_OF_PROSE))} == {}


def test_no_spanish_text_has_a_word_that_is_out() -> None:
    words = OUT_IN_SPANISH | OUT_IN_SPANISH_ALONE
    assert {name: wrong for name, text in spanish_texts().items() if (wrong := found_in(text, words))} == {}


def test_quotation_marks_and_apostrophes_are_curly() -> None:
    content = {path.name: path.read_text("utf-8") for path in files(("content/**/*.md",))}
    messages = {text: re.sub(r"<[^>]*>", "", text) for text in (*translated(), *translated().values())}
    assert [name for name, text in (content | messages).items() if re.search("[\"']", text)] == []


@pytest.mark.parametrize("said", [emails, helps], ids=["emails", "commands"])
def test_what_is_sent_and_printed_has_no_word_that_is_out(said: Callable[[], dict[str, str]]) -> None:
    words = OUT | OUT_OF_PROSE | OUT_IN_SPANISH
    texts = said()
    assert len(texts) > 10
    assert {name: wrong for name, text in texts.items() if (wrong := found_in(text, words))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Your e-mail address",
        "Get our mail again",
        "We send no mails.",
        "a mail server",
        "Held in Spanish",
        "Find a date",
        "Whom to call",
        "mails to who has none",
        "Whom can I ask?",
        "It need not be mended.",
        "a link for who has a seat",
        "It goes to the first who waits.",
        "This date is cancelled.",
        "«Sí»",
    ],
)
def test_a_word_that_is_out_is_found(text: str) -> None:
    assert found_in(text, OUT | OUT_OF_PROSE)


@pytest.mark.parametrize(
    "text",
    [
        "Los abuelos también son bienvenidos.",
        "¿Es usted mamá, papá, tutora o tutor?",
        "para los padres de familia",
        "Lleve la cartilla.",
        "Si no está seguro, llame.",
        "Lo vemos juntos.",
        "Pregunte al consejero.",
        "los demás y los participantes",
        "Necesita un intérprete.",
        "Revisa tu correo.",
        "Le enviamos un email.",
        "Abra la página del calendario.",
    ],
)
def test_a_spanish_word_that_is_out_is_found(text: str) -> None:
    assert found_in(text, OUT_IN_SPANISH | OUT_IN_SPANISH_ALONE)


@pytest.mark.parametrize(
    "text",
    [
        "el comprobante de vacunas (tarjeta amarilla o cartilla)",
        "Pregunte en la consejería de la escuela.",
        "intérprete de lengua de señas",
        "MSIX funciona junto con los sistemas que ya usa cada estado.",
        "Suscríbase al calendario.",
    ],
)
def test_what_avoids_it_in_spanish_may_stay(text: str) -> None:
    assert found_in(text, OUT_IN_SPANISH | OUT_IN_SPANISH_ALONE) == []


@pytest.mark.parametrize(
    "text",
    [
        "`REGISTER_MAIL`, mail/text.py and mail.po",
        "The talk is held in Spanish.",
        "the first person who waits",
        "who it is for",
        "Status: cancelled",
        "`scheduled` or `cancelled` (also `canceled`)",
    ],
)
def test_names_and_plain_english_may_stay(text: str) -> None:
    assert found_in(text, OUT | OUT_OF_PROSE) == []
