# SPDX-License-Identifier: AGPL-3.0-or-later
"""What emails say of a move to another date: where from, where to, and what somebody keeps meanwhile."""

from __future__ import annotations

import pytest

from register.domain.model import ChangedBy, Kind, State
from register.domain.snapshot import UnreadableSnapshot
from register.mail.kinds import Purpose
from schedule.model import LANGUAGES, Language
from tests.support.emails import MANAGE, MOVED, email_for, html_of, message, snapshot_json, text_of, words_of
from tests.support.expected_emails import OPENINGS

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
CONFIRMED, WAITLISTED = State.CONFIRMED, State.WAITLISTED
OTHER = {
    ENGLISH: "Friday, December 4, 2026, 1:00 to 2:30 p.m. Pacific time",
    SPANISH: "viernes, 4 de diciembre de 2026, de 1:00 a 2:30 p. m., hora del Pacífico",
}
STAFF = {
    Kind.CANCELLATION: {
        ENGLISH: "The training team moved you.",
        SPANISH: "El equipo de capacitación le cambió de fecha.",
    },
    Kind.CONFIRMATION: {
        ENGLISH: "The training team moved you to this date.",
        SPANISH: "El equipo de capacitación le cambió a esta fecha.",
    },
}
LEFT = {
    (CONFIRMED, ENGLISH): "Your seat on this date is free for someone else.",
    (CONFIRMED, SPANISH): "Su lugar en esta fecha queda libre para otra persona.",
    (WAITLISTED, ENGLISH): "You are no longer on the waiting list for this date.",
    (WAITLISTED, SPANISH): "Ya no está en la lista de espera de esta fecha.",
}
WHERE_TO = {
    ENGLISH: [
        "You moved to another date (before: Thu, Dec 3): MSIX overview",
        "You moved to another date",
        "You now have a seat on another date: {other}.",
        "We’ve emailed you about your new date, too.",
    ],
    SPANISH: [
        "Cambio de fecha (antes: jue, 3 de dic): Panorama de MSIX",
        "Usted cambió de fecha",
        "Ahora tiene un lugar en otra fecha: {other}.",
        "También le escribimos sobre su nueva fecha.",
    ],
}
FROM = {
    ENGLISH: "You moved to this date. Your earlier one was {other}.",
    SPANISH: "Usted cambió su inscripción a esta fecha. La anterior era: {other}.",
}
KEPT = {
    ENGLISH: "Your other date stays as it is: {other}. If you get a seat on this one, you can give the other one up.",
    SPANISH: "Su otra fecha sigue igual: {other}. Si consigue un lugar en esta, podrá dejar la otra.",
}
GIVE_UP = {
    ENGLISH: "If you still have another date of this training and no longer need it, please cancel it so that someone else can have your seat. You’ll find it below, under “See all registrations.”",
    SPANISH: "Si todavía tiene otra fecha de esta capacitación y ya no la necesita, por favor cancélela para que otra persona pueda ocupar su lugar. La encontrará más abajo, en “Ver todas las inscripciones”.",
}
MISTAKE = {
    ENGLISH: "Was this a mistake, or wasn’t it you? Please call us.",
    SPANISH: "¿Fue un error, o no fue usted? Por favor, llámenos.",
}
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def opening(kind: Kind, state: State, language: Language, **changes: object) -> list[str]:
    """Return subject, heading and first paragraphs of an email about a move; both parts say the same."""
    email = email_for(kind, state, language, **({"other_snapshot_json": snapshot_json(MOVED)} | changes))
    assert words_of(html_of(email)) == words_of(text_of(email))
    blocks = text_of(email).split("\n\n")
    title = next(at for at, block in enumerate(blocks) if block in {"MSIX overview", "Panorama de MSIX"})
    return [email["Subject"], *blocks[1:title]]


@pytest.mark.parametrize(("state", "language"), LEFT)
def test_the_cancellation_says_where_to(state: State, language: Language) -> None:
    subject, heading, where_to, more = WHERE_TO[language]
    moved = f"{where_to.format(other=OTHER[language])} {LEFT[state, language]}"

    assert opening(Kind.CANCELLATION, state, language) == [subject, heading, moved, more]
    by_staff = opening(Kind.CANCELLATION, state, language, changed_by=ChangedBy.STAFF)
    assert by_staff == [subject, heading, f"{STAFF[Kind.CANCELLATION][language]} {moved}", more]


@EACH_LANGUAGE
def test_the_confirmation_says_where_from(language: Language) -> None:
    subject, heading, usual = OPENINGS[Kind.CONFIRMATION, CONFIRMED, language]
    where_from = FROM[language].format(other=OTHER[language])

    assert opening(Kind.CONFIRMATION, CONFIRMED, language) == [subject, heading, f"{where_from} {usual}"]
    by_staff = opening(Kind.CONFIRMATION, CONFIRMED, language, changed_by=ChangedBy.STAFF)
    assert by_staff[2].startswith(STAFF[Kind.CONFIRMATION][language])
    assert by_staff[2].endswith(usual)


@EACH_LANGUAGE
def test_people_who_wait_there_too_are_told_what_they_keep(language: Language) -> None:
    expected = [
        *OPENINGS[Kind.WAITING_LIST, WAITLISTED, language],
        KEPT[language].format(other=OTHER[language]),
    ]
    assert opening(Kind.WAITING_LIST, WAITLISTED, language) == expected


@EACH_LANGUAGE
def test_who_gets_the_seat_then_is_asked_to_give_up_the_other(language: Language) -> None:
    usual = OPENINGS[Kind.PROMOTION, CONFIRMED, language]
    assert opening(Kind.PROMOTION, CONFIRMED, language, besides=True) == [*usual, GIVE_UP[language]]


@EACH_LANGUAGE
@pytest.mark.parametrize("state", [CONFIRMED, WAITLISTED])
def test_people_who_moved_or_lost_an_address_are_asked_to_call_and_not_to_sign_up_again(
    state: State, language: Language
) -> None:
    moved = email_for(Kind.CANCELLATION, state, language, other_snapshot_json=snapshot_json(MOVED))
    for email in (moved, email_for(Kind.ADDRESS_CHANGED, state, language)):
        assert MISTAKE[language] in text_of(email)
        assert "/schedule/" not in text_of(email)
        assert MANAGE not in text_of(email)
    assert MISTAKE[language] not in text_of(email_for(Kind.CANCELLATION, state, language))


def test_staff_who_correct_somebody_are_named() -> None:
    email = email_for(Kind.CORRECTION, CONFIRMED, changed_by=ChangedBy.STAFF)
    assert "The training team corrected your registration. We now have you down as" in text_of(email)


def test_another_session_that_cannot_be_read_is_named_as_such() -> None:
    with pytest.raises(UnreadableSnapshot):
        Purpose.of(message(other_snapshot_json="{}"))
