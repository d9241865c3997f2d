# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site whose sources are edited, and that is published again and again: by what is kept, and cold beside it."""

from __future__ import annotations

from pathlib import Path

from plugins.build import BuildReport
from plugins.publish import publish
from plugins.published import Published
from tests.support.edited_site import SETTINGS, EditedSite, MakeContent
from tests.support.outcomes import Found, Outcome, found, said

_FOR_THE_PUBLIC = """
PRODUCTION = True
SAMPLE_CONTENT = False
ALLOW_UNCOMMITTED = True
PLUGINS = [*PLUGINS, "plugins.page_checks"]
"""
_SECOND = 1_000_000_000


class PublishedSite(EditedSite):
    """Content, theme and settings in a folder, and the versions that are published of them."""

    def __init__(self, root: Path, make_content: MakeContent, *, in_repository: bool) -> None:
        super().__init__(root, make_content, served=False, in_repository=in_repository, checked=False)
        self.output = root / "published"
        self.may_be_spoiled = False  # a version is never changed once it is linked
        (root / SETTINGS).write_text((root / SETTINGS).read_text() + _FOR_THE_PUBLIC)
        self._good = self.sources()
        self.commit()

    def differences(self) -> list[str]:
        """Publish again, and publish cold; return in words how they differ, and [] if they do not.

        What is fetched again counts: a file with the same bytes is still the same, another one is younger.
        """
        self.sources_changed()  # what a cold publication leaves depends on the one before it
        before = self._times()
        differences = super().differences()
        after = self._times()
        for path in before.keys() & after.keys():
            (time, data), (new_time, new_data) = before[path], after[path]
            if new_time != time if data == new_data else new_time < time + _SECOND:
                differences.append(f"{path}: has the time {new_time}, after {time}")
        return differences

    def _torn(self, before: Found, now: Found, after: Found) -> list[str]:
        """Return in words what somebody saw of a killed publication that is of no version."""
        return (
            [] if now in (before, after) else ["what is linked is neither the last version nor the next one"]
        )

    def _found(self, folder: Path) -> Found:
        return {path: state for path, state in found(folder).items() if path != "before"}

    def _build(self) -> BuildReport:
        return self._publish(self.output, self.cache)

    def _cold(self) -> Outcome:
        cold = self.root / "cold"
        return Outcome(said(lambda: self._publish(cold, None)), self._found(cold))

    def _publish(self, link: Path, cache: Path | None) -> BuildReport:
        settings = {"BUILD_DATE": str(self.today)}
        return publish(self.root / SETTINGS, Published(link), _nothing, settings, cache=cache).report

    def _times(self) -> dict[str, tuple[int, bytes]]:
        return {
            path.relative_to(self.output).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
            for path in self.output.rglob("*")
            if path.is_file() and path.parent != self.output
        }


def _nothing(line: str) -> None:
    """Say nothing: the report has the warnings."""
