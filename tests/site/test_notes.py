# SPDX-License-Identifier: AGPL-3.0-or-later
"""A note is worded by the build, and said alike on the page, in the feeds, in emails and in their invitations."""

from __future__ import annotations

import json
from email.message import EmailMessage
from hashlib import sha256

import icalendar
import pytest

from plugins.trainings.pictures import RECIPE
from register.domain import snapshot
from register.domain.model import Kind, State
from schedule.contract import from_json
from schedule.model import Language
from tests.support.built_site import BuiltSite, build
from tests.support.constants import SITE_URL
from tests.support.content import copy_content, session_text
from tests.support.emails import JOIN, calendar_of, everything_in, html_of, message, received, text_of
from tests.support.pictures import picture

PICTURE = picture("PNG", (4, 4))
MAP = f"/images/map.{sha256(RECIPE.encode() + PICTURE).hexdigest()[:10]}-4.webp"
NOTE = """\
**Bring** [the list](/words/):

- a pen & paper
- one *question*
    1. short
    2. about [this page](#sign-up)

Room 5 \x20
Woodland

![How to get there](/images/map.png)"""
HTML = f"""\
<p><strong>Bring</strong> <a href="{SITE_URL}/words/">the list</a>:</p>
<ul>
<li>a pen &amp; paper</li>
<li>one <em>question</em><ol>
<li>short</li>
<li>about <a href="{SITE_URL}/schedule/rich/#sign-up">this page</a></li>
</ol>
</li>
</ul>
<p>Room 5<br>
Woodland</p>
<p><a href="{SITE_URL}{MAP}">How to get there</a></p>"""
TEXT = f"""\
Bring the list ({SITE_URL}/words/):

- a pen & paper
- one question
  1. short
  2. about this page ({SITE_URL}/schedule/rich/#sign-up)

Room 5
Woodland

How to get there ({SITE_URL}{MAP})"""
ON_PAGE = f"""\
<p><strong>Bring</strong> <a href="/words/">the list</a>:</p>
<ul>
<li>a pen &amp; paper</li>
<li>one <em>question</em><ol>
<li>short</li>
<li>about <a href="#sign-up">this page</a></li>
</ol>
</li>
</ul>
<p>Room 5<br>
Woodland</p>
<p><img alt="How to get there" height="4" loading="lazy" sizes="(min-width: 42em) 38em, 100vw" \
src="{MAP}" srcset="{MAP} 4w" width="4"></p>"""


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The site with one more session, whose note has all sorts of Markdown and is in English alone."""
    folder = tmp_path_factory.mktemp("noted")
    content = copy_content(folder)
    (content / "images").mkdir()
    (content / "images/map.png").write_bytes(PICTURE)
    (content / "sessions/rich.md").write_text(session_text(NOTE, Start="2027-06-20 10:00", Join_Url=JOIN))
    return build(folder, PATH=str(content))


def descriptions(calendar: bytes) -> dict[str, str]:
    """Return what a calendar says of each session, by its id."""
    events = icalendar.Calendar.from_ical(calendar).walk("VEVENT")
    return {event["UID"].partition("@")[0]: str(event["DESCRIPTION"]) for event in events}


def sent(site: BuiltSite, kind: Kind, state: State, language: Language) -> EmailMessage:
    """Return an email about the session, made of what the build told the function."""
    contract = from_json(json.loads((site.private / "schedule.json").read_bytes()))
    about = next(one for one in contract.schedule.sessions if one.id == "rich")
    return received(message(kind, state, language, about, snapshot_json=snapshot.write(contract, "rich")))


def test_the_function_is_told_the_note_as_html_and_in_plain_words(noted: BuiltSite) -> None:
    sessions = json.loads((noted.private / "schedule.json").read_bytes())["sessions"]

    assert {one["id"]: one["note"] for one in sessions}["rich"] == {
        "en": {"html": HTML, "text": TEXT},
        "es": None,
    }


@pytest.mark.parametrize(("prefix", "lang"), [("", ""), ("/es", ' lang="en"')])
def test_the_page_shows_the_note_and_says_in_which_language_it_is(
    noted: BuiltSite, prefix: str, lang: str
) -> None:
    page = noted.read(f"{prefix}/schedule/rich/")

    assert f'<div class="prose"{lang}>\n{ON_PAGE}\n</div>' in page


@pytest.mark.parametrize("prefix", ["", "es/"])
@pytest.mark.parametrize(
    "path", ["calendar/all.ics", "calendar/trainings/overview.ics", "schedule/rich/session.ics"]
)
def test_feeds_have_the_note_in_plain_words(noted: BuiltSite, prefix: str, path: str) -> None:
    blocks = descriptions(noted.files[f"{prefix}{path}"])["rich"]

    assert f"\n\n{TEXT}\n\n" in blocks


@pytest.mark.parametrize(("language", "lang"), [(Language.ENGLISH, ""), (Language.SPANISH, ' lang="en"')])
def test_an_email_has_the_note_in_each_part_as_that_part_shows_it(
    noted: BuiltSite, language: Language, lang: str
) -> None:
    email = sent(noted, Kind.CONFIRMATION, State.CONFIRMED, language)

    assert f"\n\n{TEXT}\n\n" in text_of(email)
    assert f'<div{lang} style="margin:0 0 12px">{HTML}</div>\n' in html_of(email)
    [described] = descriptions(calendar_of(email) or b"").values()
    assert f"\n\n{TEXT}\n\n" in described


@pytest.mark.parametrize("kind", [Kind.CANCELLATION, Kind.SESSION_CANCELLATION])
def test_an_email_that_ends_something_leaves_the_note_out(noted: BuiltSite, kind: Kind) -> None:
    email = sent(noted, kind, State.CONFIRMED, Language.ENGLISH)

    assert TEXT not in text_of(email)
    assert HTML not in html_of(email)


def test_the_link_to_join_is_neither_in_a_note_nor_published(noted: BuiltSite) -> None:
    whole = json.loads((noted.private / "schedule.json").read_bytes())
    told = next(one for one in whole["sessions"] if one["id"] == "rich")

    assert told["join_url"] == JOIN
    assert "meet.example.net" not in json.dumps(told["note"])
    assert [path for path, data in noted.files.items() if b"meet.example.net" in data] == []
    assert JOIN not in everything_in(sent(noted, Kind.WAITING_LIST, State.WAITLISTED, Language.ENGLISH))
