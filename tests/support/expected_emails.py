# SPDX-License-Identifier: AGPL-3.0-or-later
"""What emails are expected to say, word for word."""

from __future__ import annotations

from register.domain.model import ChangedBy, Kind, State
from schedule.model import Language

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
CONFIRMED, WAITLISTED = State.CONFIRMED, State.WAITLISTED

CONFIRMATION = """\
Hello María Núñez,

You are signed up

A seat is reserved for you. We look forward to seeing you.

MSIX overview

When: Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time (1 hour 30 minutes)
Where: Online
Language: Spanish
Trainers: Yecenia Ocampo, (530) 666-1977, extension 8
  Uriel Ramírez Torres, (530) 555-0100

Join the session
https://meet.example.net/j/123?pwd=secret&from=mail
This link is for people who have a seat. Please don’t share it.

Please join five minutes early.

Can’t make it?
Please cancel so that someone else can have your seat. If you only decline the invitation in your calendar, we won’t know.

See, change or cancel my registration
https://trainings.example.org/register/manage/token-of-rid-7

More than one person or date signed up with your email address? See all registrations
https://trainings.example.org/register/mine/token-of-address

Keep your dates up to date in your own calendar: subscribe to this address
https://trainings.example.org/register/mine/token-of-feed/calendar.ics

These links are personal: anyone who has them can change or cancel your registration. Please don’t forward this email.

Questions?
Call us, or reply to this email.
CA MSIX Support, (800) 342-2964, extension 3

--\x20
California MSIX Trainings
https://trainings.example.org/
You’re getting this email because someone signed up with your email address.
What we keep, why, and for how long
https://trainings.example.org/privacy/
"""

CONFIRMACION = """\
Hola, María Núñez:

Su inscripción está confirmada

Tiene un lugar reservado. ¡Le esperamos!

Panorama de MSIX

Cuándo: jueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico (1 hora y 30 minutos)
Dónde: En línea
Idioma: español
Imparten: Yecenia Ocampo, (530) 666-1977, extensión 8
  Uriel Ramírez Torres, (530) 555-0100

Conectarse a la sesión
https://meet.example.net/j/123?pwd=secret&from=mail
Este enlace es solo para quienes tienen un lugar. Por favor, no lo comparta.

Conéctese cinco minutos antes.

¿No puede asistir?
Por favor, cancele su inscripción para que otra persona pueda ocupar su lugar. Si solo rechaza la invitación en su calendario, no nos enteramos.

Ver, cambiar o cancelar mi inscripción
https://trainings.example.org/register/manage/token-of-rid-7

¿Hay más de una persona o fecha con su correo electrónico? Ver todas las inscripciones
https://trainings.example.org/register/mine/token-of-address

Tenga sus fechas al día en su propio calendario: suscríbase a esta dirección
https://trainings.example.org/register/mine/token-of-feed/calendar.ics

Estos enlaces son personales: cualquier persona que los tenga puede cambiar o cancelar su inscripción. Por favor, no reenvíe este correo.

¿Tiene preguntas?
Llámenos o responda a este correo.
Línea de ayuda de CA MSIX, (800) 342-2964, extensión 3

--\x20
Capacitaciones de MSIX en California
https://trainings.example.org/es/
Le llega este correo porque alguien se inscribió con su correo electrónico.
Qué datos guardamos, para qué y por cuánto tiempo
https://trainings.example.org/es/privacy/
"""

# What stands between the greeting and the session's title, after the subject.
OPENINGS = {
    (Kind.CONFIRMATION, CONFIRMED, ENGLISH): [
        "You are signed up (Thu, Dec 3): MSIX overview",
        "You are signed up",
        "A seat is reserved for you. We look forward to seeing you.",
    ],
    (Kind.CONFIRMATION, CONFIRMED, SPANISH): [
        "Inscripción confirmada (jue, 3 de dic): Panorama de MSIX",
        "Su inscripción está confirmada",
        "Tiene un lugar reservado. ¡Le esperamos!",
    ],
    (Kind.WAITING_LIST, WAITLISTED, ENGLISH): [
        "You are on the waiting list (Thu, Dec 3): MSIX overview",
        "You are on the waiting list",
        "All seats in this session are taken at the moment.",
        "When a seat becomes free, it goes to the first person in line, and we tell that person by email at once. You do not have to do anything.",
        "The waiting list closes an hour before the start. You don’t need to come unless we email you that you have a seat.",
    ],
    (Kind.WAITING_LIST, WAITLISTED, SPANISH): [
        "Está en la lista de espera (jue, 3 de dic): Panorama de MSIX",
        "Está en la lista de espera",
        "Por el momento, todos los lugares de esta sesión están ocupados.",
        "Cuando se desocupa un lugar, lo recibe la primera persona de la lista y le avisamos de inmediato por correo electrónico. Usted no tiene que hacer nada.",
        "La lista de espera cierra una hora antes del inicio. No hace falta que asista, a menos que le avisemos por correo electrónico que ya tiene un lugar.",
    ],
    (Kind.PROMOTION, CONFIRMED, ENGLISH): [
        "You have a seat (Thu, Dec 3): MSIX overview",
        "You have a seat",
        "A seat opened up, and it’s yours. You’re no longer on the waiting list.",
    ],
    (Kind.PROMOTION, CONFIRMED, SPANISH): [
        "Ya tiene un lugar (jue, 3 de dic): Panorama de MSIX",
        "Ya tiene un lugar",
        "Se desocupó un lugar y ya es suyo. Usted ya no está en la lista de espera.",
    ],
    (Kind.CHANGE, CONFIRMED, ENGLISH): [
        "Changed (Fri, Dec 4): MSIX overview",
        "This session has changed",
        "You still have your seat.",
        "When\nbefore: Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time\nnow: Friday, December 4, 2026, 1:00 to 2:30 p.m. Pacific time",
    ],
    (Kind.CHANGE, CONFIRMED, SPANISH): [
        "Hay cambios (vie, 4 de dic): Panorama de MSIX",
        "Hay cambios en esta sesión",
        "Usted conserva su lugar.",
        "Cuándo\nantes: jueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico\nahora: viernes, 4 de diciembre de 2026, de 1:00 a 2:30 p. m., hora del Pacífico",
    ],
    (Kind.CHANGE, WAITLISTED, ENGLISH): [
        "Changed (Fri, Dec 4): MSIX overview",
        "This session has changed",
        "You are still on the waiting list.",
        "When\nbefore: Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time\nnow: Friday, December 4, 2026, 1:00 to 2:30 p.m. Pacific time",
    ],
    (Kind.CHANGE, WAITLISTED, SPANISH): [
        "Hay cambios (vie, 4 de dic): Panorama de MSIX",
        "Hay cambios en esta sesión",
        "Usted sigue en la lista de espera.",
        "Cuándo\nantes: jueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico\nahora: viernes, 4 de diciembre de 2026, de 1:00 a 2:30 p. m., hora del Pacífico",
    ],
    (Kind.LINK, CONFIRMED, ENGLISH): [
        "Your link to join (Thu, Dec 3): MSIX overview",
        "Here is the link",
        "With it you can join the session. Nothing else has changed.",
    ],
    (Kind.LINK, CONFIRMED, SPANISH): [
        "Su enlace para conectarse (jue, 3 de dic): Panorama de MSIX",
        "Aquí tiene el enlace",
        "Con él podrá conectarse a la sesión. Todo lo demás sigue igual.",
    ],
    (Kind.CANCELLATION, CONFIRMED, ENGLISH): [
        "Registration canceled (Thu, Dec 3): MSIX overview",
        "Your registration is canceled",
        "You canceled your registration. Your seat is now free for someone else. Thank you for letting us know.",
    ],
    (Kind.CANCELLATION, CONFIRMED, SPANISH): [
        "Inscripción cancelada (jue, 3 de dic): Panorama de MSIX",
        "Su inscripción se canceló",
        "Usted canceló su inscripción y su lugar queda libre para otra persona. Gracias por avisarnos.",
    ],
    (Kind.CANCELLATION, WAITLISTED, ENGLISH): [
        "Registration canceled (Thu, Dec 3): MSIX overview",
        "Your registration is canceled",
        "You left the waiting list. Thank you for letting us know.",
    ],
    (Kind.CANCELLATION, WAITLISTED, SPANISH): [
        "Inscripción cancelada (jue, 3 de dic): Panorama de MSIX",
        "Su inscripción se canceló",
        "Usted salió de la lista de espera. Gracias por avisarnos.",
    ],
    **{
        (Kind.SESSION_CANCELLATION, state, language): words
        for state in (CONFIRMED, WAITLISTED)
        for language, words in {
            ENGLISH: [
                "Session canceled (Thu, Dec 3): MSIX overview",
                "This session is canceled",
                "We’re sorry: this session won’t take place. You don’t have to do anything.",
            ],
            SPANISH: [
                "Sesión cancelada (jue, 3 de dic): Panorama de MSIX",
                "Esta sesión se canceló",
                "Lo sentimos: esta sesión no se realizará. Usted no tiene que hacer nada.",
            ],
        }.items()
    },
    (Kind.REMINDER, CONFIRMED, ENGLISH): [
        "Reminder (Thu, Dec 3): MSIX overview",
        "Your session is coming up",
        "A seat is reserved for you. We look forward to seeing you.",
    ],
    (Kind.REMINDER, CONFIRMED, SPANISH): [
        "Recordatorio (jue, 3 de dic): Panorama de MSIX",
        "Se acerca su sesión",
        "Tiene un lugar reservado. ¡Le esperamos!",
    ],
    (Kind.REMINDER, WAITLISTED, ENGLISH): [
        "Still on the waiting list (Thu, Dec 3): MSIX overview",
        "You are still on the waiting list",
        "When we wrote this email, your place in line was number 3.",
        "The waiting list closes an hour before the start. You don’t need to come unless we email you that you have a seat.",
    ],
    (Kind.REMINDER, WAITLISTED, SPANISH): [
        "Sigue en la lista de espera (jue, 3 de dic): Panorama de MSIX",
        "Sigue en la lista de espera",
        "Cuando escribimos este correo, usted tenía el número 3 en la lista.",
        "La lista de espera cierra una hora antes del inicio. No hace falta que asista, a menos que le avisemos por correo electrónico que ya tiene un lugar.",
    ],
    (Kind.CORRECTION, CONFIRMED, ENGLISH): [
        "Your details are updated (Thu, Dec 3): MSIX overview",
        "Your details are updated",
        "Thank you for letting us know. We now have you down as María Núñez, maria@example.net. You still have your seat.",
        "From now on, please use the link in this email.",
    ],
    (Kind.CORRECTION, CONFIRMED, SPANISH): [
        "Sus datos quedaron actualizados (jue, 3 de dic): Panorama de MSIX",
        "Sus datos quedaron actualizados",
        "Gracias por avisarnos. Ahora su inscripción está a nombre de María Núñez, con el correo maria@example.net. Usted conserva su lugar.",
        "De ahora en adelante, use el enlace de este correo.",
    ],
    (Kind.CORRECTION, WAITLISTED, ENGLISH): [
        "Your details are updated (Thu, Dec 3): MSIX overview",
        "Your details are updated",
        "Thank you for letting us know. We now have you down as María Núñez, maria@example.net. You are still on the waiting list.",
        "From now on, please use the link in this email.",
    ],
    (Kind.CORRECTION, WAITLISTED, SPANISH): [
        "Sus datos quedaron actualizados (jue, 3 de dic): Panorama de MSIX",
        "Sus datos quedaron actualizados",
        "Gracias por avisarnos. Ahora su inscripción está a nombre de María Núñez, con el correo maria@example.net. Usted sigue en la lista de espera.",
        "De ahora en adelante, use el enlace de este correo.",
    ],
    (Kind.ADDRESS_CHANGED, CONFIRMED, ENGLISH): [
        "Email address changed (Thu, Dec 3): MSIX overview",
        "This registration now has a different email address",
        "From now on, we’ll send our emails about it to that address. You don’t have to do anything. Your calendar may show the session as canceled, but it will take place as planned.",
    ],
    (Kind.ADDRESS_CHANGED, CONFIRMED, SPANISH): [
        "Se cambió el correo electrónico (jue, 3 de dic): Panorama de MSIX",
        "Esta inscripción ahora tiene otro correo electrónico",
        "De ahora en adelante escribiremos a ese otro correo. Usted no tiene que hacer nada. Es posible que su calendario muestre la sesión como cancelada, pero sí se realizará.",
    ],
    (Kind.ADDRESS_CHANGED, WAITLISTED, ENGLISH): [
        "Email address changed (Thu, Dec 3): MSIX overview",
        "This registration now has a different email address",
        "From now on, we’ll send our emails about it to that address. You don’t have to do anything.",
    ],
    (Kind.ADDRESS_CHANGED, WAITLISTED, SPANISH): [
        "Se cambió el correo electrónico (jue, 3 de dic): Panorama de MSIX",
        "Esta inscripción ahora tiene otro correo electrónico",
        "De ahora en adelante escribiremos a ese otro correo. Usted no tiene que hacer nada.",
    ],
    (Kind.ANNOUNCEMENT, CONFIRMED, ENGLISH): [
        "Please bring a laptop (Thu, Dec 3): MSIX overview",
        "Please bring a laptop",
        "A message from the training team about MSIX overview, Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time:",
        "We have no computers there.",
        "See https://trainings.example.org/contacts/.",
    ],
    (Kind.ANNOUNCEMENT, CONFIRMED, SPANISH): [
        "Traiga una computadora (jue, 3 de dic): Panorama de MSIX",
        "Traiga una computadora",
        "Mensaje del equipo de capacitación sobre Panorama de MSIX, jueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico:",
        "Ahí no hay computadoras.",
        "Vea https://trainings.example.org/es/contacts/.",
    ],
    (Kind.ANNOUNCEMENT, WAITLISTED, ENGLISH): [
        "Please bring a laptop (Thu, Dec 3): MSIX overview",
        "Please bring a laptop",
        "A message from the training team about MSIX overview, Thursday, December 3, 2026, 10:00 to 11:30 a.m. Pacific time:",
        "We have no computers there.",
        "See https://trainings.example.org/contacts/.",
    ],
    (Kind.ANNOUNCEMENT, WAITLISTED, SPANISH): [
        "Traiga una computadora (jue, 3 de dic): Panorama de MSIX",
        "Traiga una computadora",
        "Mensaje del equipo de capacitación sobre Panorama de MSIX, jueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico:",
        "Ahí no hay computadoras.",
        "Vea https://trainings.example.org/es/contacts/.",
    ],
}

WHO_CANCELED = {
    **{
        (ChangedBy.PERSON, state, language): OPENINGS[Kind.CANCELLATION, state, language][2]
        for state in (CONFIRMED, WAITLISTED)
        for language in (ENGLISH, SPANISH)
    },
    (
        ChangedBy.STAFF,
        CONFIRMED,
        ENGLISH,
    ): "The training team canceled your registration. You no longer have a seat in this session.",
    (
        ChangedBy.STAFF,
        CONFIRMED,
        SPANISH,
    ): "El equipo de capacitación canceló su inscripción. Ya no tiene lugar en esta sesión.",
    (ChangedBy.STAFF, WAITLISTED, ENGLISH): "The training team took you off the waiting list.",
    (ChangedBy.STAFF, WAITLISTED, SPANISH): "El equipo de capacitación le retiró de la lista de espera.",
    (
        ChangedBy.ERASURE,
        CONFIRMED,
        ENGLISH,
    ): "We erased what we kept about you. Your seat in this session is canceled, too.",
    (
        ChangedBy.ERASURE,
        CONFIRMED,
        SPANISH,
    ): "Borramos lo que guardábamos sobre usted. También se canceló su lugar en esta sesión.",
    (
        ChangedBy.ERASURE,
        WAITLISTED,
        ENGLISH,
    ): "We erased what we kept about you. You are no longer on the waiting list.",
    (
        ChangedBy.ERASURE,
        WAITLISTED,
        SPANISH,
    ): "Borramos lo que guardábamos sobre usted. Ya no está en la lista de espera.",
}
"""What a cancellation says of who canceled."""

LINE_CLOSED = {
    ENGLISH: "The waiting list has closed. Please don’t come unless we tell you that you have a seat. Call us to ask whether one is free.",
    SPANISH: "La lista de espera ya cerró. Por favor, no asista a menos que le hayamos avisado que tiene un lugar. Llámenos para preguntar si queda alguno.",
}
"""What people who wait are told from an hour before the start on."""

LINE_CLOSES_THE_EVENING_BEFORE = {
    ENGLISH: "The waiting list closes at 11 p.m. the evening before",
    SPANISH: "La lista de espera cierra a las 11 p. m. del día anterior",
}
"""What people who wait for a session of whole days are told instead of when it closes otherwise."""

STAFF_SIGNED_UP = {
    (Kind.CONFIRMATION, CONFIRMED, ENGLISH): "The training team signed you up.",
    (Kind.CONFIRMATION, CONFIRMED, SPANISH): "El equipo de capacitación hizo su inscripción.",
    (Kind.WAITING_LIST, WAITLISTED, ENGLISH): "The training team put you on the waiting list.",
    (Kind.WAITING_LIST, WAITLISTED, SPANISH): "El equipo de capacitación le anotó en la lista de espera.",
}
"""What stands in front where staff have signed somebody up."""
