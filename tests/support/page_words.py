# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody who signs up for `sign_up.SMALL` reads on the way, word for word."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What somebody reads on the way."""

    prefix: str
    schedule: str
    name: str
    email: str
    organization: str
    role: str
    recruiter: str
    consent: str
    sign_up: str
    signed_up: str
    expected: str
    waiting: str
    in_line: str
    own: str
    seat: str
    place: str
    leave: str
    cancel: str
    cancelled: str
    error: str
    check: str
    missing: tuple[str, ...]
    left: str
    promoted: str
    before: str


WORDS = {
    "en": Words(
        prefix="",
        schedule="Schedule",
        name="Your full name",
        email="Your email address",
        organization="Your organization",
        role="Your role",
        recruiter="Recruiter",
        consent="I agree that you keep these details for this training.",
        sign_up="Sign up",
        signed_up="You are signed up",
        expected="You have a seat. We look forward to seeing you.",
        waiting="You are on the waiting list",
        in_line="All seats are taken. Your place in line is number 1.",
        own="Your registration",
        seat="You have a seat.",
        place="You are on the waiting list. Your place in line is number 1.",
        leave="Leave the waiting list",
        cancel="Cancel my registration",
        cancelled="You canceled your registration. Thank you for letting us know.",
        error="Error: Secondary User, Thursday, December 10",
        check="Please check what you entered",
        missing=(
            "Enter your full name.",
            "Enter an email address like name@example.org.",
            "Enter the name of your district, school or agency.",
            "Choose your role. If none fits, choose “Other”.",
            "Check the box to agree that we keep these details. We can’t sign you up without them.",
        ),
        left="5 of 6 seats left",
        promoted="You have a seat (Thu, Dec 10): Secondary User",
        before="You were already signed up, and nothing has changed.",
    ),
    "es": Words(
        prefix="/es",
        schedule="Fechas",
        name="Su nombre completo",
        email="Su correo electrónico",
        organization="Su organización",
        role="Su función",
        recruiter="Reclutamiento",
        consent="Acepto que guarden estos datos para esta capacitación.",
        sign_up="Inscribirse",
        signed_up="Su inscripción está confirmada",
        expected="Usted tiene un lugar. ¡Le esperamos!",
        waiting="Está en la lista de espera",
        in_line="Todos los lugares están ocupados. Le toca el número 1 de la lista.",
        own="Su inscripción",
        seat="Usted tiene un lugar.",
        place="Está en la lista de espera. Le toca el número 1.",
        leave="Salir de la lista de espera",
        cancel="Cancelar mi inscripción",
        cancelled="Usted canceló su inscripción. Gracias por avisarnos.",
        error="Error: Usuario secundario, jueves, 10 de diciembre",
        check="Por favor, revise los datos que escribió",
        missing=(
            "Escriba su nombre completo.",
            "Escriba un correo electrónico como ana@example.org.",
            "Escriba el nombre de su distrito, escuela o agencia.",
            "Elija su función. Si ninguna le corresponde, elija “Otra función”.",
            "Marque la casilla para aceptar que guardemos estos datos. Sin ellos no podemos hacer la inscripción.",
        ),
        left="Quedan 5 de 6 lugares",
        promoted="Ya tiene un lugar (jue, 10 de dic): Usuario secundario",
        before="Usted ya se había inscrito antes y su inscripción sigue igual.",
    ),
}
LANGUAGES = sorted(WORDS)
