# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of emails to staff share: who is staff, what there is to tell them, and the emails word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from typing import Any

from register.domain import snapshot
from register.domain.messages import Message
from register.domain.model import Kind, Person, State
from register.domain.staff import StaffEmail, StaffMember
from register.domain.staff_messages import staff_message
from register.domain.staff_news import Group, Mentioned, SessionNews, StaffNews
from register.mail.compose import compose
from schedule.model import Language
from tests.support.builders import person
from tests.support.emails import RECORDED, mail_settings, parsed, snapshot_json
from tests.support.schedules import session

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
OFFICE = StaffMember("office@example.org", emails=frozenset(StaffEmail))
TRAINER = StaffMember(
    "trainer@example.org",
    "yecenia-ocampo",
    SPANISH,
    frozenset(StaffEmail) - {StaffEmail.PROBLEMS},
)
"""One of the two of the tests' session."""
OTHER = replace(TRAINER, email="other@example.org", trainer="somebody-else")
STAFF = (OFFICE, TRAINER, OTHER)

ANA = Mentioned(person("Ana Núñez", email="ana@example.net", needs="Interpreter\n(Mixteco)"))
BETO = Mentioned(person("Beto Cruz", organization=""), State.WAITLISTED)


def about(confirmed: int = 12, waiting: int = 2, **groups: tuple[Mentioned, ...]) -> SessionNews:
    """Return the tests' session of twenty seats with people in groups."""
    shown = snapshot.read(snapshot_json(session()))
    return SessionNews(
        shown,
        20,
        confirmed,
        waiting,
        {Group(name.replace("_", "-")): people for name, people in groups.items()},
    )


NEWS = {
    "link": (Kind.STAFF_LINK, StaffNews()),
    "needs": (Kind.STAFF_NEEDS, StaffNews((about(asks=(ANA,)),))),
    "roster": (Kind.STAFF_ROSTER, StaffNews((about(coming=(ANA, Mentioned(BETO.person))),))),
    "empty roster": (Kind.STAFF_ROSTER, StaffNews((about(0, 0),))),
    "daily": (
        Kind.STAFF_DAILY,
        StaffNews(
            (
                about(
                    signed_up=(ANA, BETO), cancelled=(Mentioned(BETO.person, State.CANCELLED),), moved=(ANA,)
                ),
            ),
            day=date(2026, 11, 19),
        ),
    ),
    "not reached": (
        Kind.STAFF_PROBLEMS,
        StaffNews(
            (about(not_reached=(replace(ANA, problem="550 no such user"),)),),
            not_reached=1,
            staff_not_reached=("trainer@example.org",),
            stuck=3,
        ),
    ),
    "late": (Kind.STAFF_PROBLEMS, StaffNews(stuck=1)),
    "sync": (Kind.STAFF_PROBLEMS, StaffNews((about(),), too_many=60)),
}
"""By a name of the tests: every kind of email to staff, with what it may have to say."""


def to_staff(kind: Kind, language: Language = ENGLISH, **changes: Any) -> Message:
    """Return a message to the office."""
    made = staff_message(
        kind, occasion="2026-11-20", email=OFFICE.email, language=language, recorded=RECORDED
    )
    return replace(made, **changes)


def staff_email(name: str, language: Language = ENGLISH) -> EmailMessage:
    """Return one of these emails, as it is read."""
    kind, news = NEWS[name]
    return email_saying(kind, news, language, body="{}" if name == "sync" else None)


def email_saying(kind: Kind, news: StaffNews, language: Language = ENGLISH, **changes: Any) -> EmailMessage:
    """Return an email to staff that says this."""
    settings = replace(mail_settings(), staff_news=lambda _: news)
    return parsed(compose(to_staff(kind, language, **changes), settings).content)


def somebody(name: str, **details: Any) -> Mentioned:
    """Return somebody whose details the form may not have seen."""
    return Mentioned(Person(name, "x@example.net", **details))


_SESSION = {
    ENGLISH: "MSIX overview\nThursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time\n",
    SPANISH: "Panorama de MSIX\njueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico\n",
}
_SEATS = {
    ENGLISH: "12 of 20 seats taken, 2 people waiting\n",
    SPANISH: "12 de 20 lugares ocupados, 2 personas en espera\n",
}
_ROSTER = {
    ENGLISH: "Roster\nhttps://trainings.example.org/register/staff/sessions/2026-12-03-overview/\n",
    SPANISH: (
        "Lista de participantes\nhttps://trainings.example.org/register/staff/sessions/2026-12-03-overview/\n"
    ),
}
_SHEET = {
    ENGLISH: (
        "Sign-in sheet to print\n"
        "https://trainings.example.org/register/staff/sessions/2026-12-03-overview/sheet\n"
    ),
    SPANISH: (
        "Hoja de asistencia para imprimir\n"
        "https://trainings.example.org/register/staff/sessions/2026-12-03-overview/sheet\n"
    ),
}
_END = {
    ENGLISH: """
--\x20
California MSIX Trainings
https://trainings.example.org/
You’re getting this email because you’re on this site’s staff list.
""",
    SPANISH: """
--\x20
Capacitaciones de MSIX en California
https://trainings.example.org/es/
Le llega este correo porque usted está en la lista del personal de este sitio.
""",
}


def _whole(language: Language, *parts: str) -> str:
    return "\n".join(["Hello,\n" if language is ENGLISH else "Hola:\n", *parts]) + _END[language]


def _block(language: Language) -> str:
    return _SESSION[language] + _SEATS[language]


EXPECTED = {
    ("link", ENGLISH): (
        "Your link to sign in",
        _whole(
            ENGLISH,
            "Sign in to the staff desk\n",
            "Here is your link. It works once, and for 15 minutes after you asked for it.\n",
            "Sign in\nhttps://trainings.example.org/register/staff/in/token-of-2026-11-20\n",
            "Didn’t ask for it? Then please ignore this email. Please don’t forward it: anyone who has the link can "
            "sign in as you.\n",
        ),
    ),
    ("link", SPANISH): (
        "Su enlace para entrar",
        _whole(
            SPANISH,
            "Entrar a las páginas del personal\n",
            "Aquí tiene su enlace. Sirve una sola vez y vence 15 minutos después de que lo pidió.\n",
            "Entrar\nhttps://trainings.example.org/register/staff/in/token-of-2026-11-20\n",
            "¿No lo pidió usted? Entonces ignore este correo. Por favor, no lo reenvíe: cualquier persona que tenga "
            "el enlace puede entrar como si fuera usted.\n",
        ),
    ),
    ("needs", ENGLISH): (
        "Someone needs help to take part (Thu, Dec 3): MSIX overview",
        _whole(
            ENGLISH,
            "Someone needs help to take part\n",
            "Please arrange it, and let them know.\n",
            _block(ENGLISH),
            "Who asks\n- Ana Núñez, Yolo COE, ana@example.net\n  Needs: Interpreter (Mixteco)\n",
            _ROSTER[ENGLISH],
        ),
    ),
    ("needs", SPANISH): (
        "Alguien necesita apoyo para participar (jue, 3 de dic): Panorama de MSIX",
        _whole(
            SPANISH,
            "Alguien necesita apoyo para participar\n",
            "Por favor, haga lo necesario y avise a la persona.\n",
            _block(SPANISH),
            "Quién lo pide\n- Ana Núñez, Yolo COE, ana@example.net\n  Necesita: Interpreter (Mixteco)\n",
            _ROSTER[SPANISH],
        ),
    ),
    ("roster", ENGLISH): (
        "Roster (Thu, Dec 3): MSIX overview",
        _whole(
            ENGLISH,
            "Your roster for Thu, Dec 3\n",
            "This is how things stand now. The roster’s page always has the latest.\n",
            _block(ENGLISH),
            "Who is coming\n- Ana Núñez, Yolo COE\n  Needs: Interpreter (Mixteco)\n- Beto Cruz\n",
            _SHEET[ENGLISH],
            _ROSTER[ENGLISH],
        ),
    ),
    ("roster", SPANISH): (
        "Lista de participantes (jue, 3 de dic): Panorama de MSIX",
        _whole(
            SPANISH,
            "Su lista de participantes (jue, 3 de dic)\n",
            "Así están las cosas por ahora. La página de la lista siempre está al día.\n",
            _block(SPANISH),
            "Tienen lugar\n- Ana Núñez, Yolo COE\n  Necesita: Interpreter (Mixteco)\n- Beto Cruz\n",
            _SHEET[SPANISH],
            _ROSTER[SPANISH],
        ),
    ),
    ("empty roster", ENGLISH): (
        "Roster (Thu, Dec 3): MSIX overview",
        _whole(
            ENGLISH,
            "Your roster for Thu, Dec 3\n",
            "Nobody has a seat so far. This is how things stand now. The roster’s page always has the latest.\n",
            _SESSION[ENGLISH] + "0 of 20 seats taken\n",
            _SHEET[ENGLISH],
            _ROSTER[ENGLISH],
        ),
    ),
    ("empty roster", SPANISH): (
        "Lista de participantes (jue, 3 de dic): Panorama de MSIX",
        _whole(
            SPANISH,
            "Su lista de participantes (jue, 3 de dic)\n",
            "Hasta ahora nadie tiene lugar. Así están las cosas por ahora. La página de la lista siempre está al "
            "día.\n",
            _SESSION[SPANISH] + "0 de 20 lugares ocupados\n",
            _SHEET[SPANISH],
            _ROSTER[SPANISH],
        ),
    ),
    ("daily", ENGLISH): (
        "Sign-ups and cancellations (Thu, Nov 19)",
        _whole(
            ENGLISH,
            "Sign-ups and cancellations\n",
            "This is what happened on Thursday, November 19, 2026.\n",
            _block(ENGLISH),
            "Who signed up\n- Ana Núñez, Yolo COE\n- Beto Cruz, waiting list\n",
            "Who canceled\n- Beto Cruz\n",
            "Who moved to another date\n- Ana Núñez, Yolo COE\n",
            _ROSTER[ENGLISH],
        ),
    ),
    ("daily", SPANISH): (
        "Inscripciones y cancelaciones (jue, 19 de nov)",
        _whole(
            SPANISH,
            "Inscripciones y cancelaciones\n",
            "Estos son los cambios del jueves, 19 de noviembre de 2026.\n",
            _block(SPANISH),
            "Se inscribieron\n- Ana Núñez, Yolo COE\n- Beto Cruz, lista de espera\n",
            "Cancelaron\n- Beto Cruz\n",
            "Se cambiaron a otra fecha\n- Ana Núñez, Yolo COE\n",
            _ROSTER[SPANISH],
        ),
    ),
    ("not reached", ENGLISH): (
        "Emails did not arrive",
        _whole(
            ENGLISH,
            "Emails did not arrive\n",
            "We could not reach 1 person by email. Please call them, or their office, and correct the email address "
            "on the roster.\n",
            "Emails to staff did not arrive at trainer@example.org. Please correct the staff list.\n",
            "3 emails have waited for more than 30 minutes to be sent. Please tell the person who runs the site. "
            "“register doctor” says why.\n",
            _block(ENGLISH),
            "Who did not get our email\n- Ana Núñez, Yolo COE, ana@example.net, 550 no such user\n",
            _ROSTER[ENGLISH],
        ),
    ),
    ("not reached", SPANISH): (
        "Hay correos que no llegaron",
        _whole(
            SPANISH,
            "Hay correos que no llegaron\n",
            "A 1 persona no le llegaron nuestros correos. Por favor, llame por teléfono a quienes aparecen abajo, o "
            "a su oficina, y corrija el correo electrónico en la lista de participantes.\n",
            "Al personal no le llegaron correos en trainer@example.org. Por favor, corrija la lista del personal.\n",
            "3 correos llevan más de 30 minutos sin salir. Por favor, avise a quien administra el sitio. “register "
            "doctor” dice por qué.\n",
            _block(SPANISH),
            "No les llegó el correo\n- Ana Núñez, Yolo COE, ana@example.net, 550 no such user\n",
            _ROSTER[SPANISH],
        ),
    ),
    ("late", ENGLISH): (
        "Emails are late",
        _whole(
            ENGLISH,
            "Emails are late\n",
            "1 email has waited for more than 30 minutes to be sent. Please tell the person who runs the site. "
            "“register doctor” says why.\n",
        ),
    ),
    ("late", SPANISH): (
        "Hay correos atrasados",
        _whole(
            SPANISH,
            "Hay correos atrasados\n",
            "1 correo lleva más de 30 minutos sin salir. Por favor, avise a quien administra el sitio. “register "
            "doctor” dice por qué.\n",
        ),
    ),
    ("sync", ENGLISH): (
        "The schedule needs your attention",
        _whole(
            ENGLISH,
            "The schedule needs your attention\n",
            "The last update would have sent 60 emails, so it stopped before changing anything. Please ask the "
            "person who runs the site to look at it with “register sync --dry-run” and, if it is right, to run "
            "“register sync --yes”.\n",
            "These sessions are no longer in the schedule, but people are signed up for them. We left them as they "
            "are and told nobody. Please put them back, with “Status: canceled” if they won’t take place.\n",
            _block(ENGLISH),
            _ROSTER[ENGLISH],
        ),
    ),
    ("sync", SPANISH): (
        "Hay que revisar las fechas",
        _whole(
            SPANISH,
            "Hay que revisar las fechas\n",
            "La última actualización habría enviado 60 correos, así que se detuvo sin cambiar nada. Por favor, pida "
            "a quien administra el sitio que la revise con “register sync --dry-run” y, si está bien, que ejecute "
            "“register sync --yes”.\n",
            "Estas sesiones ya no están entre las fechas, pero hay personas inscritas. Las dejamos como están y no "
            "avisamos a nadie. Por favor, vuelva a ponerlas, con “Status: canceled” si no se van a realizar.\n",
            _block(SPANISH),
            _ROSTER[SPANISH],
        ),
    ),
}
"""Subject and text of each, whole."""
