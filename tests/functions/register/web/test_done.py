# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page after a sign-up promises nothing that is not so, and a form shown again keeps what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from register.domain.model import ChangedBy, Kind
from register.domain.notifications import REMINDER_BEFORE
from tests.support.constants import NOON
from tests.support.visitors import (
    CALLED_OFF,
    FILLED_IN,
    IN_PERSON,
    STAFF,
    Visitor,
    World,
    heading,
    parsed,
    told,
)

IS_IN_IT = ("The link to join the session is in it.", "Ahí está el enlace para conectarse a la sesión.")
FOLLOWS = (
    "We’ll send you the link to join before the session.",
    "Antes de la sesión le enviaremos el enlace para conectarse.",
)
REMINDER = (
    "We’ll email you a reminder a day before.",
    "Un día antes le enviamos un recordatorio por correo electrónico.",
)
PLACE = (
    "A day before, we’ll email you your place in line, and other dates with seats.",
    "Un día antes le enviamos por correo electrónico su lugar en la lista y otras fechas con lugares disponibles.",
)
BEFORE = ("You were already signed up, and nothing has changed.", "Usted ya se había inscrito antes")
ONCE_AN_HOUR = ("We send the same email once an hour at most.", "una vez por hora como máximo")
NOT_STORED = (
    "If you entered anything else this time, we didn’t keep it.",
    "Si esta vez escribió algo distinto, no lo guardamos.",
)


def said(visitor: Visitor, location: str, *promises: tuple[str, str]) -> list[bool]:
    """Return which of these promises the page makes; it makes the same in both languages."""
    english, spanish = (
        [one[place] in visitor.get(f"{location}?lang={language}").text for one in promises]
        for place, language in enumerate(("en", "es"))
    )
    assert english == spanish
    return english


@pytest.mark.parametrize(
    ("session_id", "join_url", "promised"),
    [
        (STAFF, "https://meet.example.org/secret-room", [True, False]),
        (STAFF, None, [False, True]),
        (IN_PERSON, None, [False, False]),
        (IN_PERSON, "https://meet.example.org/secret-room", [True, False]),
    ],
    ids=["online", "online without link yet", "in person", "in person with link"],
)
def test_it_says_that_the_mail_has_the_link_to_join_where_it_has(
    world: World, visitor: Visitor, session_id: str, join_url: str | None, promised: list[bool]
) -> None:
    world.change(session_id, join_url=join_url)
    location = visitor.sign_up(session_id).headers["Location"]

    assert said(visitor, location, IS_IN_IT, FOLLOWS) == promised
    (mail,) = world.store.pending()
    assert (mail.message.kind, mail.message.join_url) == (Kind.CONFIRMATION, join_url)


@pytest.mark.parametrize(
    ("ahead", "promised"),
    [(timedelta(seconds=1), True), (timedelta(0), False), (-timedelta(hours=1), False)],
)
@pytest.mark.parametrize(("capacity", "promise"), [(20, REMINDER), (0, PLACE)], ids=["confirmed", "waiting"])
def test_it_promises_a_reminder_to_who_gets_one(
    world: World, visitor: Visitor, ahead: timedelta, promised: bool, capacity: int, promise: tuple[str, str]
) -> None:
    world.fill(STAFF, capacity)
    starts = NOON + REMINDER_BEFORE + ahead
    world.change(STAFF, starts=starts, ends=starts + timedelta(hours=1), closes=starts)
    location = visitor.sign_up().headers["Location"]

    assert said(visitor, location, promise) == [promised]
    world.store.write_reminders(STAFF, now=starts - timedelta(hours=1))
    assert (Kind.REMINDER in [one.message.kind for one in world.store.pending()]) is promised


@pytest.mark.parametrize("capacity", [20, 0], ids=["confirmed", "waiting"])
def test_a_repeat_is_told_that_nothing_new_was_stored(world: World, visitor: Visitor, capacity: int) -> None:
    world.fill(STAFF, capacity)
    first = visitor.sign_up().headers["Location"]
    stored = world.only_registration()
    again = visitor.sign_up(needs="An interpreter", language="en").headers["Location"]

    assert said(visitor, first, BEFORE, NOT_STORED, ONCE_AN_HOUR) == [False, False, False]
    assert said(visitor, again, BEFORE, NOT_STORED, ONCE_AN_HOUR) == [True, True, True]
    assert world.only_registration() == stored


def test_a_repeat_is_told_the_same_whatever_else_it_says(visitor: Visitor) -> None:
    visitor.sign_up(needs="An interpreter")
    receipts = {told(visitor.sign_up(needs=needs)) for needs in ("An interpreter", "", "x")}

    assert len(receipts) == 1


def test_who_signs_up_again_after_a_cancel_is_new(world: World, visitor: Visitor) -> None:
    first = visitor.sign_up()
    one = world.only_registration()
    world.store.cancel(one.session_id, one.registration_id, now=NOON, by=ChangedBy.PERSON)

    assert told(visitor.sign_up()) == told(first)


@pytest.mark.parametrize(
    ("session_id", "stands"), [(STAFF, True), (CALLED_OFF, False)], ids=["closed", "cancelled"]
)
def test_a_repeat_after_sign_up_has_closed_does_not_say_that_the_seat_is_gone(
    world: World, visitor: Visitor, session_id: str, stands: bool
) -> None:
    visitor.sign_up(STAFF)
    world.change(STAFF, closes=NOON)
    for language, kept, nothing in (
        (
            "en",
            "If you signed up before, your registration hasn’t changed: the link in our email shows it.",
            "We didn’t keep anything you just entered.",
        ),
        ("es", "Si ya se había inscrito antes, su inscripción sigue igual", "No guardamos nada"),
    ):
        response = visitor.sign_up(session_id, page_language=language)
        assert response.status_code == 409
        assert nothing in response.text
        assert (kept in response.text) is stands
        assert "You are not signed up" not in response.text


def test_the_form_goes_on_in_the_other_language_with_all_that_was_typed(
    world: World, visitor: Visitor
) -> None:
    first = visitor.sign_up(name="", needs="An interpreter")
    buttons = [one for one in parsed(first).all("button") if "name" in one]
    assert buttons == [{"class": "btn alt", "name": "lang", "value": "es", "lang": "es"}]
    before = world.snapshot()

    spanish = visitor.sign_up(name="", needs="An interpreter", lang="es")
    assert spanish.status_code == 422
    assert '<html lang="es">' in spanish.text
    assert "Escriba su nombre completo." in spanish.text
    assert ">An interpreter</textarea>" in spanish.text
    assert 'name="lang" value="en" lang="en">Continue in English</button>' in spanish.text

    good = visitor.sign_up(page_language="es", lang="en")
    assert (good.status_code, parsed(good).title.startswith("CA MSIX Overview")) == (200, True)
    assert 'value="Ana Núñez"' in good.text
    assert world.snapshot() == before
    assert visitor.sign_up(lang="xx").status_code == 303


def test_enter_in_a_field_sends_the_form_and_the_page_of_the_site_has_no_other_button(
    world: World, visitor: Visitor
) -> None:
    form = visitor.sign_up(name="").text.split("<form", 1)[1].split("</form>")[0]
    static = world.site.read(f"/schedule/{STAFF}/").split("<form", 1)[1].split("</form>")[0]

    assert form.index('<button class="btn">') < form.index('name="lang"')
    assert static.count("<button") == 1


def test_the_trap_of_a_form_in_the_other_language_leads_to_the_page_of_success(
    world: World, visitor: Visitor
) -> None:
    before = world.snapshot()
    response = visitor.post(f"/register/{STAFF}", FILLED_IN | {"leave_empty": "x", "lang": "es"})

    assert heading(visitor.follow(response)) == "Su inscripción está confirmada"
    assert world.snapshot() == before
