# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function's pages look exactly like the site's: the same header and footer, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from register.domain import snapshot as details
from register.web.contexts import LostMailSentContext
from register.web.pages import Pages, session_title
from schedule import wording
from schedule.addresses import Addresses
from schedule.model import LANGUAGES, Language, Period
from schedule.sign_up_state import SignUpState, state_of
from tests.support.built_site import BuiltSite
from tests.support.constants import NOON, PACIFIC, ROOT, SITE_URL
from tests.support.visitors import STAFF, World


def above(html: str) -> str:
    """Return all between the start of the body and the main part."""
    return html[html.index("<body>") : html.index('<main id="main"')]


def below(html: str) -> str:
    """Return all after the main part."""
    return html[html.index("</main>") :]


@pytest.mark.parametrize("language", LANGUAGES)
def test_header_and_footer_are_those_of_the_sessions_page(world: World, language: Language) -> None:
    visitor = world.visitor()
    compared = 0
    for session in world.contract.schedule.sessions:
        if state_of(session, NOON) is not SignUpState.OPEN:
            continue
        response = visitor.sign_up(session.id, name="", page_language=language.value)
        static = world.site.read(Addresses(SITE_URL, language).session(session.id))
        assert response.status_code == 422
        assert above(response.text) == above(static), session.id
        assert below(response.text) == below(static), session.id
        compared += 1
    assert compared > 10


def test_the_head_of_a_page_differs_from_the_sites_in_its_style_and_what_machines_read(
    world: World,
) -> None:
    static = world.site.read(f"/schedule/{STAFF}/")
    again = world.visitor().sign_up(STAFF, name="").text
    head, own = (set(html[: html.index("<body>")].splitlines()) for html in (static, again))

    style = f'<link rel="stylesheet" href="{world.site.told.assets["signup.css"]}">'
    assert {line for line in own - head if "<script" not in line} == {
        "<title>Error: CA MSIX Overview, Thursday, December 3</title>",
        '<meta name="robots" content="noindex">',
        style,
        "",
    } - head
    links = tuple(f'<link rel="{each}"' for each in ("canonical", "alternate", "stylesheet"))
    assert all(line.startswith(("<title>", *links, "<script", "{", "</script")) for line in head - own)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (datetime(2026, 12, 3, 18, tzinfo=UTC), datetime(2026, 12, 3, 19, tzinfo=UTC)),
        (datetime(2026, 12, 10, 18, tzinfo=UTC), datetime(2026, 12, 11, 19, tzinfo=UTC)),
        (datetime(2026, 12, 31, 18, tzinfo=UTC), datetime(2027, 1, 2, 19, tzinfo=UTC)),
    ],
    ids=["one day", "two days", "over New Year"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sessions_title_has_its_day_or_its_first_and_last_without_the_year(
    world: World, first: datetime, last: datetime, language: Language
) -> None:
    read = details.read(world.store.session(STAFF).terms.snapshot_json)
    moved = replace(read.session, period=Period(first, last, PACIFIC))
    told = replace(
        read, session=moved, words={language: wording.worded(moved, language) for language in LANGUAGES}
    )

    assert (
        session_title(told, language)
        == f"{told.words[language].title}, {wording.days_in_year(moved.period, language)}"
    )


def test_nothing_of_jinja_is_made_before_the_first_page(site: BuiltSite) -> None:
    pages = Pages(ROOT / "theme", site.told)

    assert pages._environments == {}
    page = pages.of_one("Check your email", Language.SPANISH)
    pages.render(LostMailSentContext(page=page))
    assert list(pages._environments) == [Language.SPANISH]


def test_what_people_type_is_shown_as_text(world: World) -> None:
    nasty = '"><script>alert(1)</script>'
    text = world.visitor().sign_up(name=nasty, email=nasty, needs=f"</textarea>{nasty}").text

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_page_of_a_person_prints_no_token_but_the_address_of_the_session(world: World) -> None:
    visitor = world.visitor()
    done = visitor.sign_up()
    token = done.headers["Location"].rsplit("/", 1)[1]
    html = visitor.follow(done).text

    on_screen = html[html.index('<div class="screen"><div>') : html.index("</div></div>\n\n</section>")]
    assert token in on_screen
    # Forms are not printed either.
    assert token not in html.replace(on_screen, "").replace(f'action="/register/done/{token}/correct"', "")
    assert f'<p class="print">https://trainings.example.org/schedule/{STAFF}/</p>' in html


def test_retention_is_the_sites(world: World) -> None:
    assert world.site.told.retention_days == world.contract.retention // timedelta(days=1) == 180
