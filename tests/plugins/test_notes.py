# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session's note is rendered once, and read on its page, in emails and in calendars alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.notes import NoteRenderer
from schedule.model import Language, Localized, Note
from tests.support.constants import SITE_URL
from tests.support.content import ContentFolder

CELL = 'style="padding:2px 12px 2px 0;text-align:left;vertical-align:top"'
PAGE = f"{SITE_URL}/schedule/a/"
HINT = "(delete the character, or write it in another way)"

CASES = {
    "a paragraph on two lines": ("Bring\na pen.", "<p>Bring\na pen.</p>", "Bring a pen."),
    "paragraphs": ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo."),
    "a hard break": ("Room 5  \nWoodland", "<p>Room 5<br>\nWoodland</p>", "Room 5\nWoodland"),
    "emphasis": (
        "**Bring** *your* ***own*** pen.",
        "<p><strong>Bring</strong> <em>your</em> <strong><em>own</em></strong> pen.</p>",
        "Bring your own pen.",
    ),
    "signs that are no Markdown": (
        r"2 \* 3, A&B, a < b",
        "<p>2 * 3, A&amp;B, a &lt; b</p>",
        "2 * 3, A&B, a < b",
    ),
    "entities": ("&copy; caf&eacute; &lt;b&gt;", "<p>© café &lt;b&gt;</p>", "© café <b>"),
    "a heading": (
        "## What to bring\n\nA pen.",
        '<h2 id="what-to-bring" style="font-size:18px;line-height:1.3;margin:20px 0 8px">What to bring</h2>\n<p>A pen.</p>',
        "What to bring\n\nA pen.",
    ),
    "a list": (
        "Bring:\n\n- a pen\n- a *good*\n  chair\n\nThank you.",
        "<p>Bring:</p>\n<ul>\n<li>a pen</li>\n<li>a <em>good</em>\n  chair</li>\n</ul>\n<p>Thank you.</p>",
        "Bring:\n\n- a pen\n- a good chair\n\nThank you.",
    ),
    "a list with numbers": (
        "3. Come in.\n4. Sit down.",
        '<ol start="3">\n<li>Come in.</li>\n<li>Sit down.</li>\n</ol>',
        "3. Come in.\n4. Sit down.",
    ),
    "nested lists": (
        "1. Bring\n    - a pen\n    - a chair\n2. Come",
        "<ol>\n<li>Bring<ul>\n<li>a pen</li>\n<li>a chair</li>\n</ul>\n</li>\n<li>Come</li>\n</ol>",
        "1. Bring\n   - a pen\n   - a chair\n2. Come",
    ),
    "items with a line between": (
        "- One.\n\n- Two.",
        "<ul>\n<li>\n<p>One.</p>\n</li>\n<li>\n<p>Two.</p>\n</li>\n</ul>",
        "- One.\n- Two.",
    ),
    "code": ("Type `a*b* <c>`.", "<p>Type <code>a*b* &lt;c&gt;</code>.</p>", "Type a*b* <c>."),
    "a block of code": (
        "Type:\n\n    one\n      two\n\n    three",
        '<p>Type:</p>\n<pre style="white-space:pre-wrap"><code>one\n  two\n\nthree\n</code></pre>',
        "Type:\n\none\n  two\n\nthree",
    ),
    "a table": (
        "Day | Room\n--- | ---\n1 | 12",
        "<table>\n<thead>\n<tr>\n<th CELL>Day</th>\n<th CELL>Room</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
        "<td CELL>1</td>\n<td CELL>12</td>\n</tr>\n</tbody>\n</table>".replace("CELL", CELL),
        "Day | Room\n1 | 12",
    ),
    "a style of its own": (
        "Red\n{: style='color:red'}\n\n## Red {: style='color:red'}",
        '<p style="color:red">Red</p>\n<h2 id="red" style="color:red">Red</h2>',
        "Red\n\nRed",
    ),
    "a quotation": (
        "> One\n> two.\n>\n> - three",
        "<blockquote>\n<p>One\ntwo.</p>\n<ul>\n<li>three</li>\n</ul>\n</blockquote>",
        "> One two.\n>\n> - three",
    ),
    "a rule": ("One.\n\n***\n\nTwo.", "<p>One.</p>\n<hr>\n<p>Two.</p>", "One.\n\n---\n\nTwo."),
    "a link within the site": (
        "**Bring** [the list](/words/ 'Words').",
        f'<p><strong>Bring</strong> <a href="{SITE_URL}/words/" title="Words">the list</a>.</p>',
        f"Bring the list ({SITE_URL}/words/).",
    ),
    "a relative link": (
        "[Others](../b/)",
        f'<p><a href="{SITE_URL}/schedule/b/">Others</a></p>',
        f"Others ({SITE_URL}/schedule/b/)",
    ),
    "a link within the page": (
        "[Form](#sign-up)",
        f'<p><a href="{PAGE}#sign-up">Form</a></p>',
        f"Form ({PAGE}#sign-up)",
    ),
    "a link to another site": (
        "[MSIX](https://msix.example/?a=1&b=2)",
        '<p><a href="https://msix.example/?a=1&amp;b=2">MSIX</a></p>',
        "MSIX (https://msix.example/?a=1&b=2)",
    ),
    "an address alone": (
        "<https://msix.example/>",
        '<p><a href="https://msix.example/">https://msix.example/</a></p>',
        "https://msix.example/",
    ),
    "an email address": (
        "<ana@msix.example>",
        '<p><a href="mailto:ana@msix.example">ana@msix.example</a></p>',
        "ana@msix.example",
    ),
    "a telephone number": (
        "[(800) 342-2964](tel:+18003422964)",
        '<p><a href="tel:+18003422964">(800) 342-2964</a></p>',
        "(800) 342-2964",
    ),
    "a picture": (
        "![How to get there](/images/map.png)",
        f'<p><a href="{SITE_URL}/images/map.png">How to get there</a></p>',
        f"How to get there ({SITE_URL}/images/map.png)",
    ),
    "a picture that says nothing": ("![](/images/line.png)Come.", "<p>Come.</p>", "Come."),
    "a picture in a link": (
        "[![Map](/images/map.png)](/contacts/)",
        f'<p><a href="{SITE_URL}/contacts/">Map</a></p>',
        f"Map ({SITE_URL}/contacts/)",
    ),
    "what is struck out": (
        "At ~~10:00~~ 11:00",
        "<p>At <del>10:00</del> 11:00</p>",
        "At ~~10:00~~ 11:00",
    ),
    "tasks": (
        "- [ ] a *pen*\n- [x] a chair",
        (
            '<ul class="task-list">\n<li class="task-list-item">☐ a <em>pen</em></li>\n'
            '<li class="task-list-item">☑ a chair</li>\n</ul>'
        ),
        "- ☐ a pen\n- ☑ a chair",
    ),
    "a footnote": (
        "A pen[^1] and a chair[^1].\n\n[^1]: Your own.",
        (
            '<p>A pen<sup id="fnref:1">[1]</sup> and a chair<sup id="fnref2:1">[1]</sup>.</p>\n<div class="footnote">\n'
            '<hr>\n<ol>\n<li id="fn:1">\n<p>Your own.</p>\n</li>\n</ol>\n</div>'
        ),
        "A pen[1] and a chair[1].\n\n---\n\n1. Your own.",
    ),
    "a list right below a line": (
        "Bring:\n- a pen\n  - blue",
        "<p>Bring:</p>\n<ul>\n<li>a pen<ul>\n<li>blue</li>\n</ul>\n</li>\n</ul>",
        "Bring:\n\n- a pen\n  - blue",
    ),
    "code between fences": (
        "Type:\n```\none\n\n  two\n```",
        '<p>Type:</p>\n<pre style="white-space:pre-wrap"><code>one\n\n  two\n</code></pre>',
        "Type:\n\none\n\n  two",
    ),
    "an address as it is": (
        "See https://msix.example/a.",
        '<p>See <a href="https://msix.example/a">https://msix.example/a</a>.</p>',
        "See https://msix.example/a.",
    ),
    "how long things are kept": ("{{ retention_days }} days", "<p>180 days</p>", "180 days"),
}


def renderer() -> NoteRenderer:
    return NoteRenderer(Renderer(Memo(), {"retention_days": "180"}), SITE_URL)


@pytest.mark.parametrize(("markdown", "html", "text"), CASES.values(), ids=CASES)
def test_a_note_as_it_goes_to_people(markdown: str, html: str, text: str) -> None:
    assert renderer().render(markdown, "a", Language.ENGLISH).sent == Note(html, text)


def test_a_notes_page_keeps_its_pictures_and_its_relative_links() -> None:
    note = renderer().render("![Map](/images/map.png) [Form](#sign-up)", "a", Language.ENGLISH)

    assert note.on_page == '<p><img alt="Map" src="/images/map.png"> <a href="#sign-up">Form</a></p>'


def test_a_note_is_read_in_both_languages_with_the_addresses_of_each(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(body="*See* [the form](#sign-up).")
    folder.write("sessions/a.es.md", "\n*Vea* [el formulario](#sign-up).\n")
    spanish = f"{SITE_URL}/es/schedule/a/#sign-up"

    assert folder.sessions()["a"].note == Localized(
        Note(
            f'<p><em>See</em> <a href="{PAGE}#sign-up">the form</a>.</p>', f"See the form ({PAGE}#sign-up)."
        ),
        Note(
            f'<p><em>Vea</em> <a href="{spanish}">el formulario</a>.</p>', f"Vea el formulario ({spanish})."
        ),
    )
    assert folder.read().notes == {
        "a": Localized(
            '<p><em>See</em> <a href="#sign-up">the form</a>.</p>',
            '<p><em>Vea</em> <a href="#sign-up">el formulario</a>.</p>',
        )
    }


def test_a_note_in_english_alone_stands_in_spanish_too_and_links_to_english_pages(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(body="[Form](#sign-up)")
    note = folder.sessions()["a"].note

    assert note is not None
    assert (note.language(Language.SPANISH), note.text(Language.SPANISH).text) == (
        Language.ENGLISH,
        f"Form ({PAGE}#sign-up)",
    )


def test_each_date_of_a_series_links_within_its_own_page(tmp_path: Path) -> None:
    folder = ContentFolder(tmp_path)
    folder.session("cafe", "[Form](#sign-up)", Repeat="FREQ=WEEKLY;COUNT=2")

    assert [one.note and one.note.en.text for one in folder.sessions().values()] == [
        f"Form ({SITE_URL}/schedule/cafe-2026-12-03/#sign-up)",
        f"Form ({SITE_URL}/schedule/cafe-2026-12-10/#sign-up)",
    ]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("a\x07b", "contains the character U+0007, which calendars cannot carry"),
        # Markdown keeps this one for itself, and would drop it.
        ("a\x02b", "contains the character U+0002, which calendars cannot carry"),
        ("&#x2028;", "contains the character U+2028, which calendars cannot carry"),
        (r"In C:\New.", r"contains \N, which calendars turn into a line break"),
        (r"In C:&#92;New.", r"contains \N, which calendars turn into a line break"),
    ],
)
def test_a_note_that_cannot_be_carried_is_an_error_where_it_is_written(
    tmp_path: Path, body: str, problem: str
) -> None:
    folder = ContentFolder(tmp_path)
    folder.session(body=body)
    folder.write("sessions/a.es.md", f"\n{body}\n")

    assert folder.errors() == [
        f"content/sessions/a.es.md:2: {problem} {HINT}",
        f"content/sessions/a.md:10: {problem} {HINT}",
    ]
