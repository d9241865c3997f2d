# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written in another way and can mean one thing alone is taken for that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.trainings.frontmatter import Header, parse
from plugins.trainings.session_times import REGISTRATION_CLOSES, START
from plugins.trainings.tables import KEYS
from schedule.model import Localized
from tests.support.content import SESSION, ContentFolder, session_text
from tests.support.schedules import noted

NO_BREAK = "\u00a0"
ZERO_WIDTH = "\u200b"
EMBEDDED = "\u202a{}\u202c"


@pytest.mark.parametrize(
    ("key", "written", "means"),
    [
        ("Language", "English", "en"),
        ("Language", "ES", "es"),
        ("Language", "español", "es"),
        ("Format", "Online", "online"),
        ("Format", f"online{ZERO_WIDTH}", "online"),
        ("Status", "Canceled", "cancelled"),
        ("Status", "Scheduled", "scheduled"),
        ("Start", "2026-12-03 9:05", "2026-12-03 09:05"),
        ("Start", "2026-12-3 10:00", "2026-12-03 10:00"),
        ("Start", f"2026-12-03{NO_BREAK}10:00", "2026-12-03 10:00"),
        ("Start", "2026-12-03T10:00", "2026-12-03 10:00"),
        ("Start", "2026-12-03 10.00", "2026-12-03 10:00"),
        ("Start", "2026-12-03 3:00 p.m.", "2026-12-03 15:00"),
        ("Start", "2026-12-03 12:30 AM", "2026-12-03 00:30"),
        ("Duration", "90 minutes", "90"),
        ("Duration", f"90{NO_BREAK}min", "90"),
        ("Duration", "2 hours", "120"),
        ("Duration", "1.5 hours", "90"),
        ("Duration", "1 hour and 15 min", "75"),
        ("Duration", "1 hora y 30 minutos", "90"),
        ("Capacity", "25 seats", "25"),
        ("Training", "Overview", "overview"),
        ("Training", "overview.md", "overview"),
        ("Trainers", "Uriel Ramirez Torres", "uriel-ramirez-torres"),
        ("Trainers", "uriel-ramirez-torres,", "uriel-ramirez-torres"),
        ("Registration-Closes", "1 Day before", "1 day before"),
        ("Registration-Closes", "one day before the start", "1 day before"),
        ("Repeat", "rrule:freq=weekly; count=2;", "FREQ=WEEKLY;COUNT=2"),
        ("Repeat", "FREQ=WEEKLY;UNTIL=2026-12-10", "FREQ=WEEKLY;UNTIL=20261210"),
    ],
)
def test_a_value_with_one_meaning_is_taken(tmp_path: Path, key: str, written: str, means: str) -> None:
    read = []
    for value in (written, means):
        folder = ContentFolder(tmp_path / ("written" if value == written else "means"))
        folder.session("a", **{key.replace("-", "_"): value})
        read.append(dict(folder.sessions().items()))

    assert [without_times(one) for one in read[:1]] == [without_times(one) for one in read[1:]]


def without_times(sessions: object) -> str:
    """Return sessions without the times of their files, which differ."""

    return re.sub(r"revision=Revision\(.*?\)\)", "", str(sessions))


@pytest.mark.parametrize(
    "written",
    [
        "530-666-1977",
        "530.666.1977",
        "5306661977",
        "(530)666-1977",
        "+1 (530) 666-1977",
        "1-530-666-1977",
        EMBEDDED.format("(530) 666-1977"),
        f"(530){NO_BREAK}666-1977",
    ],
)
def test_a_telephone_number_is_shown_in_one_way_however_it_was_written(tmp_path: Path, written: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.change("trainers/uriel-ramirez-torres.md", "Phone: (530) 666-1977", f"Phone: {written}")
    folder.change("trainers/uriel-ramirez-torres.md", "Extension: 8", "Extension: ext. 8")
    phone = folder.read().schedule.trainers[0].phone

    assert (phone.display, phone.uri, phone.extension) == ("(530) 666-1977", "tel:+15306661977,8", "8")


@pytest.mark.parametrize(
    "line",
    [
        "Language:en",
        "language: en",
        "LANGUAGE : en",
        f"Language:{NO_BREAK}en",
        f"{ZERO_WIDTH}Language: en",
        "Language： en",
    ],
)
def test_a_key_is_known_however_it_is_written(tmp_path: Path, line: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write("sessions/a.md", session_text().replace("Language: en", line))

    assert folder.errors() == []


@pytest.mark.parametrize("line", ["registration closes: 1 day before", "Registration_Closes: 1 day before"])
def test_a_key_of_two_words_is_known_without_its_hyphen(line: str) -> None:
    found = parse(f"{line}\n", "content/sessions/a.md", "a", KEYS["sessions"])

    assert (found.headers, found.problems) == (
        {"Registration-Closes": Header("1 day before", "content/sessions/a.md", 1)},
        (),
    )


@pytest.mark.parametrize(
    "text",
    [
        "\n" + session_text("Bring a pen."),
        "\n\n  \n" + session_text("Bring a pen."),
        "\n".join(f"    {line}" for line in session_text("Bring a pen.").split("\n")),
        "\n".join(f"\t{line}" for line in session_text("Bring a pen.").split("\n")),
        session_text("Bring a pen.").replace("\n\nBring", f"\n{NO_BREAK}\nBring"),
    ],
    ids=[
        "an empty line above",
        "several",
        "pasted with its indent",
        "pasted with tabs",
        "a line of a no-break space",
    ],
)
def test_keys_are_found_where_they_stand(tmp_path: Path, text: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write("sessions/a.md", text)
    folder.write("sessions/a.es.md", "\nTraiga una pluma.\n")

    assert (folder.errors(), folder.warnings()) == ([], [])
    assert folder.sessions()["a"].note == noted("Bring a pen.", "Traiga una pluma.")


def test_lists_and_topics_pasted_with_an_indent_keep_their_own() -> None:
    text = "   Title: A\n   Topics:\n       One\n       Two\n\n   - a\n     - b\n"
    found = parse(text, "content/trainings/a.md", "a", KEYS["trainings"])

    assert ({key: one.value for key, one in found.headers.items()}, found.body) == (
        {"Title": "A", "Topics": "One\nTwo"},
        "- a\n  - b",
    )


@pytest.mark.parametrize(
    ("text", "location", "note"),
    [
        ("Traiga una pluma.\n", None, "Traiga una pluma."),
        ("Traiga: una pluma.\n", None, "Traiga: una pluma."),
        ("- Una pluma.\n- Papel.\n", None, "- Una pluma.\n- Papel."),
        ("Traiga una pluma.\n\nY papel.\n", None, "Traiga una pluma.\n\nY papel."),
        ("\nLocation: Sala 2\n\nTraiga una pluma.\n", "Sala 2", "Traiga una pluma."),
    ],
)
def test_a_translation_needs_no_empty_line_where_it_is_plain_what_is_meant(
    tmp_path: Path, text: str, location: str | None, note: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", "Bring a pen.", Location="Room 2")
    folder.write("sessions/a.es.md", text)
    session = folder.sessions()["a"]

    assert session.location == Localized("Room 2", location)
    assert session.note is not None
    assert session.note.es is not None
    assert session.note.es.text == note


@pytest.mark.parametrize(
    "text", [f"##{NO_BREAK}One\n\n-{NO_BREAK}a\n-{NO_BREAK}b", f"{NO_BREAK}## One\n\n- a\n{NO_BREAK}- b"]
)
def test_a_no_break_space_does_not_undo_a_heading_or_a_list(text: str) -> None:
    assert parse(f"\n{text}", "content/pages/a.md", "a").body.replace(" - b", "- b") == "## One\n\n- a\n- b"


def test_a_no_break_space_within_a_sentence_stays() -> None:
    assert parse(f"\n10:00 a.{NO_BREAK}m.", "content/pages/a.md", "a").body == f"10:00 a.{NO_BREAK}m."


def test_what_nobody_sees_has_a_name_in_a_message(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", Format=f"on{NO_BREAK}line", Capacity="\x0720")

    assert folder.errors() == [
        'content/sessions/a.md:5: Capacity: "[U+0007]20" is not a whole number (as in "Capacity: 20")',
        'content/sessions/a.md:7: Format: "on[no-break space]line" is none of the choices (did you mean "online"?)',
    ]


@pytest.mark.parametrize(
    "value",
    [
        "2026-13-01 10:00",
        "2026-12-03 25:00",
        "2026-12-03 13:00 pm",
        "12/03/2026 10:00",
        "2026-12-03 10",
        "٢٠٢٦-12-03",
    ],
)
def test_a_time_that_might_mean_another_is_refused(tmp_path: Path, value: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("a", Start=value)

    assert [line.partition(": ")[2].partition(":")[0] for line in folder.errors()] == [START.name]


def test_a_series_takes_times_as_freely_as_a_single_session(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(
        "cafe", Start="2026-12-3 9:00 am", Duration=None, End="2026-12-03 10.30", Repeat="FREQ=WEEKLY;COUNT=2"
    )
    folder.write("sessions/cafe-2026-12-10.md", "Start: 2026-12-11 1:00 pm\n")
    times = {
        name: f"{one.period.local_start:%d %H:%M}-{one.period.local_end:%d %H:%M}"
        for name, one in folder.sessions().items()
    }

    assert times == {"cafe-2026-12-03": "03 09:00-03 10:30", "cafe-2026-12-10": "11 13:00-11 14:30"}


def test_all_keys_of_the_sample_session_are_known() -> None:
    assert set(SESSION) | {REGISTRATION_CLOSES.name} <= KEYS["sessions"]
