# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links in texts lead somewhere, to a page in their own language, or are named with one that works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.built_site import BuiltSite
from tests.support.constants import SITE_URL
from tests.support.content import ContentFolder

AS_IN = 'as in "[MSIX](https://example.org/page)"'


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    """A content folder with a session, a series, a page of words and a page for parents."""
    made = ContentFolder(tmp_path)
    made.session("a", "## What to bring\n\nA pen.")
    made.write("sessions/a.es.md", "\n## Qué traer\n\nUna pluma.\n")
    made.session("cafe", Start="2027-01-07 10:00", Repeat="FREQ=WEEKLY;COUNT=2")
    made.write("pages/words.md", "Title: Words\nSummary: All.\n\n## Move notice\n\nA message.\n")
    made.write("pages/words.es.md", "Title: Palabras\nSummary: Todas.\n\n## Aviso\n\nUn mensaje.\n")
    made.write("parents/index.md", "Title: Parents\nSummary: For you.\n")
    made.write("parents/index.es.md", "Title: Familias\nSummary: Para usted.\n")
    return made


def test_links_that_lead_somewhere_are_right(folder: ContentFolder) -> None:
    english = [
        *(
            "/",
            "/schedule/",
            "/schedule/#2026-12",
            "/trainings/",
            "/trainings/overview/#subscribe",
            "/contacts/",
        ),
        *("/parents/", "/words/", "/words/#move-notice", "#main", "words/", f"{SITE_URL}/words/"),
        *("/schedule/a/", "/schedule/a/#sign-up", "/schedule/a/#what-to-bring", "/schedule/cafe-2027-01-14/"),
        *(
            "/calendar/all.ics",
            "/calendar/filtered/any/es/online.ics",
            "/calendar/trainings/overview.ics",
            "/calendar/languages/es.ics",
        ),
        *("/contacts/ca-msix-support.vcf", "/schedule/a/session.ics", "/sitemap.xml", "/register/link"),
        *(
            "https://example.org",
            "http://example.org/a#b",
            "mailto:ana@example.org?subject=x",
            "tel:+15306661977,8",
        ),
        *("/es/", "/es/schedule/"),
    ]
    spanish = [
        "/es/",
        "/es/words/#aviso",
        "/es/schedule/a/#que-traer",
        "/es/calendar/all.ics",
        "#main",
        "/register/link",
    ]
    folder.change("pages/index.md", "Welcome.", "\n".join(f"[x]({href})" for href in english))
    folder.change(
        "pages/index.es.md", "Le damos", "\n".join(f"[x]({href})" for href in spanish) + " Le damos"
    )

    assert (folder.errors(), folder.warnings()) == ([], [])


IN_A_FOLDER = "https://example.org/msix"


def test_in_a_folder_of_a_host_links_begin_at_the_home_page_or_name_the_whole_address(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path, IN_A_FOLDER)
    right = (
        *("/", "/schedule/", "schedule/", "/register/link"),
        *(f"{IN_A_FOLDER}/schedule/", IN_A_FOLDER, f"{IN_A_FOLDER}/"),
        # What stands elsewhere on the host is another site.
        *("https://example.org/", "https://example.org/zoo", "https://example.org/msixx/zoo"),
    )
    wrong = ("/msix/schedule/", f"{IN_A_FOLDER}/zoo/", "//example.org/zoo")
    folder.change("pages/index.md", "Welcome.", "\n".join(f"[x]({href})" for href in (*wrong, *right)))

    assert folder.errors() == [
        'content/pages/index.md:4: the link "/msix/schedule/" leads nowhere (did you mean "/schedule/"?)',
        f'content/pages/index.md:5: the link "{IN_A_FOLDER}/zoo/" leads nowhere (as in "/schedule/")',
        (
            'content/pages/index.md:6: the link "//example.org/zoo" has no "https:" before it '
            '(write "https://example.org/zoo")'
        ),
    ]


@pytest.mark.parametrize(
    ("href", "told"),
    [
        ("/shedule/", 'leads nowhere (did you mean "/schedule/"?)'),
        ("/schedule", 'leads nowhere (write "/schedule/")'),
        ("/Schedule/", 'leads nowhere (write "/schedule/")'),
        ("schedule", 'leads nowhere (write "/schedule/")'),
        ("schedul/", 'leads nowhere (did you mean "/schedule/"?)'),
        ("/schedule/cafe/", 'leads nowhere (did you mean "/schedule/a/"?)'),
        ("/calendar/zoo.ics", 'leads nowhere (as in "/schedule/")'),
        (f"{SITE_URL}/zoo", 'leads nowhere (as in "/schedule/")'),
        ("words.md", 'leads to a file, not to a page (write "/words/")'),
        ("../parents/index.md", 'leads to a file, not to a page (write "/parents/")'),
        ("../content/sessions/a.md", 'leads to a file, not to a page (write "/schedule/a/")'),
        ("zoo.md", 'leads to a file, not to a page (write the page\'s address, as in "/words/")'),
        ("/words/#move-notices", 'leads to no heading of that page (did you mean "move-notice"?)'),
        ("#zoo", "leads to no heading of that page (leave out the # and what follows)"),
        ("/schedule/#sign-up", "leads to no heading of that page (leave out the # and what follows)"),
        ("https://", f"is no address ({AS_IN})"),
        ("https://[a/", f"is no address ({AS_IN})"),
        (
            "htps://example.org",
            'is no address (begin it with "https://", or with "/" for a page of the site)',
        ),
        (
            "javascript:alert(1)",
            'is no address (begin it with "https://", or with "/" for a page of the site)',
        ),
        ("//example.org/a", 'has no "https:" before it (write "https://example.org/a")'),
        ("mailto:ana", 'is no email address (as in "<name@example.org>")'),
        ("tel:call", 'is no telephone number (as in "[(530) 666-1977](tel:+15306661977)")'),
    ],
)
def test_a_link_that_leads_nowhere_is_an_error_in_its_line(
    folder: ContentFolder, href: str, told: str
) -> None:
    folder.change("pages/index.md", "Welcome.", f"Welcome.\n\nSee [this]({href}).")

    assert folder.errors() == [f'content/pages/index.md:6: the link "{href}" {told}']


@pytest.mark.parametrize(
    ("href", "right"),
    [("/words/", "/es/words/"), ("/", "/es/"), ("/words/#move-notice", "/es/words/#move-notice")],
)
def test_a_spanish_text_links_to_spanish_pages(folder: ContentFolder, href: str, right: str) -> None:
    folder.change("pages/index.es.md", "bienvenida.", f"bienvenida.\n\n[Vea]({href})")

    assert folder.errors() == [
        f'content/pages/index.es.md:6: the link "{href}" leads to the English page (write "{right}")'
    ]


def test_a_link_without_an_address_is_an_error(folder: ContentFolder) -> None:
    folder.change("pages/index.md", "Welcome.", "[x]()")

    assert folder.errors() == [
        'content/pages/index.md:4: a link has no address (as in "[the glossary](/words/)")'
    ]


def test_the_line_is_the_first_in_which_the_address_stands(folder: ContentFolder) -> None:
    folder.change("pages/index.md", "Welcome.", "Welcome.\n\n[a][zoo] and [b][zoo]\n\n[zoo]: /zoo/")

    assert [line.partition(": ")[0] for line in folder.errors()] == ["content/pages/index.md:8"]


def test_a_link_to_what_has_an_error_itself_is_not_blamed(folder: ContentFolder) -> None:
    folder.change("pages/index.md", "Welcome.", "[a](/schedule/a/) [o](/trainings/overview/)")
    folder.change("sessions/a.md", "Capacity: 20", "Capacity: 0")
    folder.change("trainings/overview.md", "Order: 1", "Order: x")

    assert [line.partition(": ")[0] for line in folder.errors()] == [
        "content/sessions/a.md:5",
        "content/trainings/overview.md:8",
    ]


def test_the_text_of_a_series_may_link_within_the_pages_of_its_dates(folder: ContentFolder) -> None:
    folder.change("sessions/cafe.md", "Status: scheduled", "Status: scheduled\n\n[Form](#sign-up)")
    folder.write("sessions/cafe.es.md", "\n[Formulario](#sign-up)\n")
    # The keys end at the first empty line, so the rule has to come before.
    text = (folder.path / "sessions/cafe.md").read_text().split("\n")
    rule = next(line for line in text if line.startswith("Repeat"))
    text.remove(rule)
    folder.write("sessions/cafe.md", "\n".join([rule, *text]))

    assert folder.errors() == []


@pytest.mark.parametrize(
    ("page", "ids"),
    [
        ("/schedule/", {"main", "filter", "subscribe"}),
        ("/schedule/2026-12-03-overview/", {"main", "sign-up"}),
        ("/trainings/overview/", {"main", "subscribe"}),
        ("/parents/", {"main", "more"}),
    ],
)
def test_the_ids_that_texts_may_name_are_in_the_pages(site: BuiltSite, page: str, ids: set[str]) -> None:
    assert ids - set(site.pages[page].ids) == set()
