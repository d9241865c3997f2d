# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of organizations: which names it gives, and what each mistake in it is answered with."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.trainings.public import UNFIT_HINT
from schedule.organizations import MOST
from tests.support.content import ContentFolder

FILE = "organizations.md"
HOW = 'write a name alone, as in "Sample County Office of Education"'
MERGED = "keep one version, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
NAMES = ("Sample County Office of Education", "Distrito Escolar Núñez, K–8")


def listed(tmp_path: Path, text: str) -> tuple[str, ...]:
    folder = ContentFolder(tmp_path)
    folder.write(FILE, text)
    return folder.read().organizations


def told(tmp_path: Path, text: str) -> list[str]:
    folder = ContentFolder(tmp_path)
    folder.write(FILE, text)
    return [line.removeprefix(f"content/{FILE}:") for line in folder.errors()]


@pytest.mark.parametrize(
    "text",
    [
        "{}\n{}\n",
        "\n{}\n\n\n{}",
        "\ufeff- {}\r\n-\u00a0{}\r\n",
        "* {}\n• {}\n",
        "    {}  \n\u200b{}\t\n",
    ],
)
def test_each_line_is_a_name_however_it_was_pasted(tmp_path: Path, text: str) -> None:
    assert listed(tmp_path, text.format(*NAMES)) == NAMES


def test_blanks_in_a_name_are_single_spaces(tmp_path: Path) -> None:
    assert listed(tmp_path, "Sample\u00a0 County\tOffice\n") == ("Sample County Office",)


def test_the_list_may_be_left_out(tmp_path: Path) -> None:
    assert ContentFolder(tmp_path).read().organizations == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("# Counties", '"# Counties" is a heading, and the form would offer it (delete this line)'),
        ("**Butte COE**", '"**Butte COE**" is marked as in a text (did you mean "Butte COE"?)'),
        ("<b>", '"<b>" is marked as in a text (did you mean "b"?)'),
        ("***", f'"***" is marked as in a text ({HOW})'),
        ("Butte COE; Yolo COE", '"Butte COE; Yolo COE" has a semicolon (write one name a line)'),
        ("2027", f'"2027" is no name ({HOW})'),
        ("—", f'"—" is no name ({HOW})'),
        ("Other", '"Other" is what the report calls all that are not listed (delete this line)'),
        (
            "sample county: office of education",
            '"sample county: office of education" is in the list already, in line 1 (keep one of them)',
        ),
        (
            "x" * 201,
            f'"{"x" * 40}" has 201 characters, and 200 are the most (write one name a line)',
        ),
        ("Butte\x07 COE", f"contains the character U+0007, which calendars cannot carry ({UNFIT_HINT})"),
        ("Butte\ufffd COE", f'"Butte\ufffd COE" has a character that no name has ({UNFIT_HINT})'),
        ("Butte\u00ad COE", f'"Butte[soft hyphen] COE" has a character that no name has ({UNFIT_HINT})'),
        ("{{ county }}", '"{{ county }}" is put in for in the text alone (write the words themselves)'),
        (">>>>>>> theirs", f'">>>>>>>" is a mark of two versions that were merged ({MERGED})'),
    ],
)
def test_a_mistake_is_one_message_at_its_line(tmp_path: Path, line: str, message: str) -> None:
    assert told(tmp_path, f"{NAMES[0]}\n\n{line}\n{NAMES[1]}\n") == [f"3: {message}"]


def test_two_mistakes_are_two_messages(tmp_path: Path) -> None:
    assert told(tmp_path, "# A\nYolo\nyolo\n") == [
        '1: "# A" is a heading, and the form would offer it (delete this line)',
        '3: "yolo" is in the list already, in line 2 (keep one of them)',
    ]


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_list_without_a_name_is_an_error(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == [f"1: has no name in it ({HOW}, or delete the file)"]


def test_a_list_may_not_be_longer_than_a_page_can_hold(tmp_path: Path) -> None:
    most = "".join(f"Office {number}\n" for number in range(MOST))

    assert len(listed(tmp_path, most)) == MOST
    assert told(tmp_path / "more", f"{most}One\nTwo\nThree\n") == [
        "301: 300 names are the most (keep those that most people come from; anything else may be typed)"
    ]


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    (folder.path / FILE).write_bytes("Núñez\n".encode("latin-1"))

    assert folder.errors() == [f"content/{FILE}:1: the file is not UTF-8 (save it with the encoding UTF-8)"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("organisations.md", f'did you mean "{FILE}"?'),
        ("Organizations.MD", f'did you mean "{FILE}"?'),
        ("organizations.txt", f'did you mean "{FILE}"?'),
        ("organizations", f'did you mean "{FILE}"?'),
        ("organizations.es.md", f"the names in {FILE} are those of both languages: delete this file"),
    ],
)
def test_a_list_by_another_name_is_told_which_it_is(tmp_path: Path, name: str, hint: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(name, NAMES[0])

    assert folder.errors() == [f"content/{name}:1: nothing reads a file that is in no folder ({hint})"]


def test_a_folder_in_its_place_is_an_error(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(f"{FILE}/a.md", NAMES[0])

    assert folder.errors() == [
        f"content/{FILE}:1: is a folder, not a file (put the text into a file of this name)"
    ]
