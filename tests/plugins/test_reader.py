# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content folder as a schedule and pages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from plugins.trainings.article import Layout, StaffPage
from plugins.trainings.memo import Memo
from schedule.model import (
    ContactKind,
    Format,
    Language,
    Localized,
    Period,
    Phone,
    Readers,
    Revision,
    Session,
    Status,
    Trainer,
)
from tests.support.constants import PACIFIC
from tests.support.content import TRAINING, TRAINING_ES, ContentFolder, Repository
from tests.support.schedules import SHORT_OVERVIEW, noted

URIEL = Trainer(
    slug="uriel-ramirez-torres",
    name=Localized("Uriel Ramirez Torres"),
    role=Localized("Trainer", "Capacitador"),
    kind=ContactKind.TRAINER,
    phone=Phone("(530) 666-1977", "+15306661977", "8"),
    email="uriel@example.org",
    languages=(Language.ENGLISH, Language.SPANISH),
    description=Localized(""),
)


def test_everything_that_a_session_says_is_read(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(
        "a",
        "Bring a pen.",
        Language="es",
        Format="in-person",
        Location="Room 2",
        Join_Url="https://meet.example.org/private",
        Status="cancelled",
        Registration_Closes="2026-12-01 17:00",
    )
    folder.write("sessions/a.es.md", "Location: Sala 2\n\nTraiga un bolígrafo.\n")
    Repository(tmp_path).commit(at="2026-10-01T12:00:00Z")
    content = folder.read()

    assert content.warnings == ()
    assert content.schedule.sessions == (
        Session(
            id="a",
            training=SHORT_OVERVIEW,
            period=Period(
                datetime(2026, 12, 3, 18, tzinfo=UTC), datetime(2026, 12, 3, 19, 30, tzinfo=UTC), PACIFIC
            ),
            trainers=(URIEL,),
            capacity=20,
            language=Language.SPANISH,
            format=Format.IN_PERSON,
            location=Localized("Room 2", "Sala 2"),
            status=Status.CANCELLED,
            registration_closes=datetime(2026, 12, 2, 1, tzinfo=UTC),
            note=noted("Bring a pen.", "Traiga un bolígrafo."),
            revision=Revision(1, datetime(2026, 10, 1, 12, tzinfo=UTC)),
            series=None,
        ),
    )
    assert content.notes == {"a": Localized("<p>Bring a pen.</p>", "<p>Traiga un bolígrafo.</p>")}
    assert content.schedule.join_urls == {"a": "https://meet.example.org/private"}


def test_a_session_is_cancelled_in_either_spelling(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", Status="canceled")
    folder.session("b", Status="cancelled")

    assert {name: session.status for name, session in folder.sessions().items()} == {
        "a": Status.CANCELLED,
        "b": Status.CANCELLED,
    }


def test_a_training_may_have_a_badge_readers_of_its_own_and_a_description(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.write("trainings/overview.md", f"{TRAINING}For: parents\nBadge: New\n\n*More* of it.\n")
    folder.write("trainings/overview.es.md", f"{TRAINING_ES}Badge: Nuevo\n\n*Más*.\n")
    (training,) = folder.read().schedule.trainings

    assert (training.readers, training.badge, training.description) == (
        Readers.PARENTS,
        Localized("New", "Nuevo"),
        Localized("*More* of it.", "*Más*."),
    )


def test_trainings_stand_in_their_order_trainers_before_support_and_sessions_by_start_then_id(
    tmp_path: Path,
) -> None:
    folder = ContentFolder(tmp_path)
    for slug, order in (("zebra", 0), ("apple", 1)):
        folder.write(f"trainings/{slug}.md", TRAINING.replace("Order: 1", f"Order: {order}"))
        folder.write(f"trainings/{slug}.es.md", TRAINING_ES)
    folder.write(
        "trainers/zoe.md", "Title: Zoe\nRole: T\nKind: trainer\nPhone: (530) 666-1977\nLanguages: en\n"
    )
    folder.write("trainers/zoe.es.md", "Role: T\n")
    folder.session("b", Start="2026-12-05 10:00")
    folder.session("c", Start="2026-12-04 10:00", Trainers="zoe")
    folder.session("a", Start="2026-12-05 10:00", Trainers="zoe")
    schedule = folder.read().schedule

    assert [one.slug for one in schedule.trainings] == ["zebra", "apple", "overview"]
    assert [one.slug for one in schedule.trainers] == ["uriel-ramirez-torres", "zoe", "ca-msix-support"]
    assert [one.id for one in schedule.sessions] == ["c", "a", "b"]


def test_staff_pages_know_their_folder_and_stand_in_their_order(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(
        "parents/flyer.md", "Title: Flyer\nSummary: To print.\nOrder: 2\nLayout: flyer\n\nCall us.\n"
    )
    folder.write("parents/flyer.es.md", "Title: Volante\nSummary: Para imprimir.\n\nLlámenos.\n")
    folder.write("parents/zoo.md", "Title: Zoo\nSummary: First.\nOrder: 1\n")
    folder.write("parents/zoo.es.md", "Title: Zoológico\nSummary: Primero.\n")
    articles = folder.read().articles

    assert [(one.section, one.slug) for one in articles] == [
        ("pages", "index"),
        ("parents", "zoo"),
        ("parents", "flyer"),
    ]
    assert articles[2] == StaffPage(
        section="parents",
        slug="flyer",
        title=Localized("Flyer", "Volante"),
        summary=Localized("To print.", "Para imprimir."),
        order=2,
        layout=Layout.FLYER,
        body=Localized("Call us.", "Llámenos."),
    )


def test_what_has_not_changed_is_the_very_same_object_when_read_again(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.session("b", Start="2027-01-07 10:00")
    memo = Memo()
    first = folder.read(memo).schedule
    folder.session("b", Start="2027-01-07 10:00", Capacity="100")
    second = folder.read(memo).schedule

    assert second.sessions[0] is first.sessions[0]
    assert second.trainings[0] is first.trainings[0]
    assert [session.capacity for session in second.sessions] == [20, 100]


def test_a_mended_trainer_mends_the_sessions_that_refer_to_them(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a")
    folder.change("trainers/uriel-ramirez-torres.md", "Kind: trainer", "Kind: x")
    assert len(folder.errors()) == 1
    folder.change("trainers/uriel-ramirez-torres.md", "Kind: x", "Kind: trainer")

    assert list(folder.sessions()) == ["a"]


def test_what_was_told_about_a_file_is_told_again_when_nothing_has_changed(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", body="Bring a pen.")
    memo = Memo()

    assert folder.read(memo).warnings == folder.read(memo).warnings
    assert len(folder.read(memo).warnings) == 1
