# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who was in a meeting, by the report of Zoom or Teams, and what is no report."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from register.domain.meeting_report import MOST_PEOPLE, BadReport, Joined, ReportFault, read_report
from register.domain.report_columns import duration
from tests.support import meeting_reports as reports

ANA = Joined("Ana Núñez", "ana@example.net", 90 * 60)
HEAD = "Name,Email,Duration\n"


@pytest.mark.parametrize(
    ("report", "people"),
    [
        (reports.ZOOM, [ANA, Joined("O’Brien, Ben (iPad)", "", 90 * 60)]),
        (reports.ZOOM_2021, [ANA]),
        (reports.ZOOM_SPANISH, [Joined("Ana Núñez", "ana@example.net", 92 * 60)]),
        (
            reports.ZOOM_WEBINAR,
            [
                Joined("Yecenia Ocampo", "trainer@example.org", 95 * 60),
                Joined("Ana", "ana@example.net", 92 * 60),
            ],
        ),
        (
            reports.TEAMS,
            [Joined("Núñez, Ana", "ana@example.net", 5420), Joined("Ben O’Brien (Unverified)", "", 310)],
        ),
        (reports.TEAMS_2021, [ANA]),
        (reports.TEAMS_LIST, [Joined("Ana Núñez", "", None)]),
        (reports.TEAMS_SPANISH, [Joined("Ana Núñez", "ana@example.net", 5420)]),
    ],
    ids=["zoom", "zoom-2021", "zoom-es", "webinar", "teams", "teams-2021", "teams-list", "teams-es"],
)
def test_everybody_in_a_report_is_found_with_all_joins_added_up(report: str, people: list[Joined]) -> None:
    assert read_report(report.encode()) == people


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_report_may_be_written_in_any_of_the_usual_ways(encoding: str, delimiter: str, end: str) -> None:
    rows = (("Nombre", "Correo", "Duración"), ("Ana Núñez", "ana@example.net", "90"))
    text = end.join(delimiter.join(row) for row in rows)
    assert read_report(text.encode(encoding)) == [ANA]


def test_the_first_table_that_has_a_head_counts_and_not_what_stands_above_it() -> None:
    above = "".join(f"{number},trainer@example.org,60\n" for number in range(90))
    assert read_report((above + HEAD + "Ana Núñez,ana@example.net,90\n").encode()) == [ANA]


def test_the_address_of_a_host_beside_each_row_is_nobody_elses() -> None:
    """Zoom can write the meeting into each row, before the person."""
    text = (
        "Topic,User Email,Duration (Minutes),Name (Original Name),User Email,Join Time,Duration (Minutes)\n"
        "Overview,trainer@example.org,95,Ana Núñez,ana@example.net,9:58,90\n"
        "Overview,trainer@example.org,95,Ben,,10:00,30\n"
    )
    assert read_report(text.encode()) == [ANA, Joined("Ben", "", 1800)]


def test_a_blank_line_among_people_loses_none_of_them() -> None:
    text = HEAD + "Ana Núñez,ana@example.net,90\n,,\n\nBen,,5\n"
    assert read_report(text.encode()) == [ANA, Joined("Ben", "", 300)]


def test_a_quotation_mark_that_is_never_closed_costs_nobody_else() -> None:
    people = read_report((HEAD + '"Ben,,5\nAna Núñez,ana@example.net,90\n').encode())
    assert people == [Joined("Ben,,5", "", None), ANA]


def test_first_and_last_names_in_columns_of_their_own_are_one_name() -> None:
    text = "First Name,Last Name,Email,Duration\nAna,Núñez,ana@example.net,90\n"
    assert read_report(text.encode()) == [ANA]


def test_what_is_no_address_is_none_and_what_nobody_sees_is_no_name() -> None:
    text = HEAD + "=HYPERLINK(1),=cmd@x,1\n<b>Ana</b>,ana at home,2\nB\u202een\u200b  \u00a0X,,\n,,9\n"
    assert read_report(text.encode()) == [
        Joined("=HYPERLINK(1)", "=cmd@x", 60),
        Joined("<b>Ana</b>", "", 120),
        Joined("Ben X", "", None),
    ]


def workbook() -> bytes:
    """Return a ZIP archive, as a workbook is one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", ReportFault.EMPTY),
        (b" \r\n\t", ReportFault.EMPTY),
        (b"\xef\xbb\xbf \n", ReportFault.EMPTY),
        (b"\xff\xfe", ReportFault.EMPTY),
        (workbook(), ReportFault.WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ReportFault.WORKBOOK),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ReportFault.NO_TEXT),
        (b"%PDF-1.7\n\x81\x00", ReportFault.NO_TEXT),
        (b"\xff\xfea", ReportFault.NO_TEXT),
        (b"<!doctype html><table><tr><td>Name<td>Duration</table>", ReportFault.NO_TABLE),
        (b"Ana,ana@example.net,90\n", ReportFault.NO_TABLE),
        (b'"' * 200_000, ReportFault.NO_TABLE),
        (b"," * 200_000, ReportFault.NO_TABLE),
        (
            b"state,place,name,email,organization,signed_up\nconfirmed,,Ana,a@example.net,,\n",
            ReportFault.NO_TABLE,
        ),
        (
            b"First Name,Last Name,Email,Registration Time,Approval Status\nA,B,c@d.org,,\n",
            ReportFault.NO_TABLE,
        ),
        (HEAD.encode(), ReportFault.NOBODY),
        (b"Attended,Name,Email,Duration\nNo,Ana,ana@example.net,--\n", ReportFault.NOBODY),
        (HEAD.encode() + b"a,,1\n" * 100_000, ReportFault.TOO_LONG),
        (
            HEAD.encode() + b"".join(b"%d,,1\n" % number for number in range(MOST_PEOPLE + 1)),
            ReportFault.TOO_LONG,
        ),
    ],
)
def test_what_is_no_report_is_refused_by_what_is_wrong_with_it(data: bytes, fault: ReportFault) -> None:
    with pytest.raises(BadReport) as caught:
        read_report(data)
    assert caught.value.fault is fault
    assert str(caught.value) == f"no report of a meeting ({fault}); download it as CSV from Zoom or Teams"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("57", 3420), ("57.5", 3450), ("3,5", 210), ("0", 0)),
        *(("1h 27m 51s", 5271), ("5m", 300), ("1 h 5 min", 3900), ("1 hora 5 minutos 2 seg.", 3902)),
        *(("01:05:30", 3930), ("0:00:09", 9)),
        *(
            ("1:05", None),
            ("--", None),
            ("", None),
            ("an hour", None),
            ("1h of it", None),
            ("9" * 5000, None),
        ),
        ("-5", None),
    ],
)
def test_a_duration_is_read_or_left_open(text: str, seconds: int | None) -> None:
    assert duration(text) == seconds


SIGNS = st.characters(categories=["L", "Nd", "P", "S", "Zs"])
NAMES = (
    st.text(SIGNS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(str.isprintable)
)


@given(
    people=st.lists(
        st.tuples(NAMES.filter(bool), st.integers(0, 600)),
        min_size=1,
        max_size=8,
        unique_by=lambda each: each[0],
    ),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_whoever_is_written_into_a_report_is_read_from_it(
    people: list[tuple[str, int]], delimiter: str, encoding: str
) -> None:
    rows = [("Name", "Email", "Duration (Minutes)")]
    rows += [(name, f"p{number}@example.org", str(minutes)) for number, (name, minutes) in enumerate(people)]
    text = "\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    assert [(each.name, each.minutes) for each in read_report(text.encode(encoding))] == people


@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=200).map(lambda text: f"Name,Duration\n{text}".encode())
    )
)
@example("Name\tDuration\n\u2028\x1c,5".encode())
def test_any_file_gives_people_or_says_what_is_wrong(data: bytes) -> None:
    try:
        people = read_report(data)
    except BadReport:
        return
    assert people
    assert all(each.name.isprintable() and len(each.name) <= 401 for each in people)
