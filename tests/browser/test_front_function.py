# SPDX-License-Identifier: AGPL-3.0-or-later
"""The scripts at Amazon's front (infra/template.yaml), run by a real engine: which file an address means, and what is
said of a calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from infra.deployment.site_files import FOR_OTHER_HOSTS
from tests.support.built_site import BuiltSite
from tests.support.sam_template import properties

Answers = Callable[[str], str]

Says = Callable[[str, int], dict[str, str]]

RUN = "([code, uri]) => new Function(code + '; return handler')()({request: {uri: uri}})"


@pytest.fixture(scope="module")
def answers(browser: Browser) -> Iterator[Answers]:
    """Give what tells what the script makes of an address: the file's path, or where it leads."""
    page = browser.new_page()
    code = properties("FrontPages")["FunctionCode"]

    def answer(uri: str) -> str:
        given = page.evaluate(RUN, [code, uri])
        if "statusCode" in given:
            return f"{given['statusCode']} {given['headers']['location']['value']}"
        return str(given["uri"])

    yield answer
    page.close()


def test_every_page_of_the_site_is_found_and_every_file_is_left_alone(
    answers: Answers, site: BuiltSite
) -> None:
    for path in site.files.keys() - FOR_OTHER_HOSTS:
        address = f"/{path.removesuffix('index.html')}" if path.endswith("index.html") else f"/{path}"
        assert answers(address) == f"/{path}"


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("/schedule", "301 /schedule/"),
        ("/es/schedule", "301 /es/schedule/"),
        ("//evil.example", "//evil.example"),
        ("//evil", "301 /evil/"),
        ("/\\evil", "301 /evil/"),
        ("/\\/\\evil/x", "301 /evil/x/"),
    ],
)
def test_an_address_without_its_slash_leads_on_and_never_to_another_site(
    answers: Answers, address: str, answer: str
) -> None:
    assert answers(address) == answer


SAY = """([code, uri, status]) => {
  const headers = {"content-type": {value: "binary/octet-stream"}, "x-frame-options": {value: "DENY"}};
  const answer = new Function(code + '; return handler')()({request: {uri}, response: {statusCode: status, headers}});
  return Object.fromEntries(Object.entries(answer.headers).map(([name, {value}]) => [name, value]));
}"""
SENT = {"content-type": "binary/octet-stream", "x-frame-options": "DENY"}
OPEN = {"access-control-allow-origin": "*"}
CALENDAR = SENT | OPEN | {"content-type": "text/calendar; charset=utf-8"}
NAMED = {"content-disposition": 'attachment; filename="2026-12-10-secondary-user.ics"'}


@pytest.fixture(scope="module")
def says(browser: Browser) -> Iterator[Says]:
    """Give what tells the headers with which the script sends what lies in the bucket."""
    page = browser.new_page()
    code = properties("FrontCalendars")["FunctionCode"]
    yield lambda uri, status: page.evaluate(SAY, [code, uri, status])
    page.close()


@pytest.mark.parametrize(
    ("uri", "status", "headers"),
    [
        ("/calendar/all.ics", 200, CALENDAR),
        ("/schedule/2026-12-10-secondary-user/session.ics", 200, CALENDAR | NAMED),
        ("/es/schedule/2026-12-10-secondary-user/session.ics", 200, CALENDAR | NAMED),
        ("/calendar/all.ics", 304, SENT | OPEN),
        ("/calendar/none.ics", 404, SENT),
    ],
)
def test_a_calendar_is_sent_as_its_readers_need_it(
    says: Says, uri: str, status: int, headers: dict[str, str]
) -> None:
    assert says(uri, status) == headers
