# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who edits the content at /edit/: in a window whose storage stands for the project's folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.support.constants import ROOT
from tests.support.guide_pictures import Album
from tests.support.windows import Window

_SEEN = (1100, 760)
TALL = 3400
"""Pixels of a window in which all fields are painted: the editor makes those that can be seen."""

# The browser asks for a folder in a window of its own; here its answer is the storage of the site.
_FOLDER = "window.showDirectoryPicker = () => navigator.storage.getDirectory()"
_FILL = """async files => {
  const root = await navigator.storage.getDirectory();
  await root.getDirectoryHandle('.git', {create: true});
  for (const [path, text] of Object.entries(files)) {
    const [name, ...folders] = path.split('/').reverse();
    let folder = root;
    for (const part of folders.reverse()) folder = await folder.getDirectoryHandle(part, {create: true});
    const file = await (await folder.getFileHandle(name, {create: true})).createWritable();
    await file.write(text);
    await file.close();
  }
}"""
_READ = """async () => {
  const found = {};
  const walk = async (folder, path) => {
    for await (const [name, one] of folder.entries()) {
      if (one.kind === 'directory') await walk(one, `${path}${name}/`);
      else found[path + name] = await (await one.getFile()).text();
    }
  };
  await walk(await navigator.storage.getDirectory(), '');
  return found;
}"""
_STILL = """() => Promise.all(
  document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < 5000)
    .map(one => one.finished.catch(() => null))
)"""
_STAY = "localStorage.setItem('sveltia-cms.prefs', JSON.stringify({closeOnSave: false}))"


@dataclass(frozen=True)
class Words:
    """What the program says in the language of a page, where a test needs it."""

    path: str
    local: str
    save: str


ENGLISH = Words("/edit/", "Work with Local Repository", "Save")
SPANISH = Words("/es/edit/", "Trabajar con un repositorio local", "Guardar")


def content() -> dict[str, str]:
    """Return the texts of the shipped content by their paths, byte for byte."""
    files = sorted((ROOT / "content").rglob("*.md"))
    return {file.relative_to(ROOT).as_posix(): file.read_bytes().decode() for file in files}


class EditorVisitor:
    """Drives the editor in one window, on a folder with these files, and takes pictures for the guide."""

    def __init__(self, window: Window, words: Words, files: Mapping[str, str], album: Album) -> None:
        self.album = album
        self.page: Page = window.page
        self._window, self._words = window, words
        self._answered: list[str] = []
        self.page.on("response", lambda answer: self._answered.append(answer.url))
        self.page.add_init_script(_FOLDER)
        window.go("/404.html")
        self.page.evaluate(_FILL, dict(files))
        self.page.evaluate(_STAY)
        window.go(words.path)
        self.page.get_by_role("button", name=words.local).click()
        expect(self.page.locator('[role="grid"]').first).to_be_visible()

    def files(self) -> dict[str, str]:
        """Return the texts of all files of the folder by their paths."""
        found: dict[str, str] = self.page.evaluate(_READ)
        return found

    def reached(self) -> list[str]:
        """Return what has answered but the site."""
        own = (f"{self._window.address}/", "data:", "blob:")
        return [url for url in self._answered if not url.startswith(own)]

    def open(self, collection: str, name: str) -> None:
        """Open an entry by its file's name."""
        self._go(collection, f"entries/{name}")

    def new(self, collection: str) -> None:
        """Begin a new entry."""
        self._go(collection, "new")

    def _go(self, collection: str, place: str) -> None:
        self.list(collection)  # or the fields of another entry would be taken for those of this one
        self._window.go(f"{self._words.path}#/collections/{collection}/{place}")
        expect(self.page.locator("section.field").first).to_be_visible()

    def take(self, name: str, key: str | None = None) -> None:
        """Take a picture as somebody sees the editor; a key is that of the field to be at its upper edge."""
        self._window.resize(*_SEEN)
        if key is not None:
            self.field(key).evaluate("e => e.scrollIntoView()")
        self.page.evaluate(_STILL)
        self._window.wait_until_painted()
        self.album.take(self.page, name)
        self._window.resize(_SEEN[0], TALL)

    def list(self, collection: str) -> None:
        """Go back to all entries of a kind."""
        self._window.go(f"{self._words.path}#/collections/{collection}")
        expect(self.page.locator("section.field")).to_have_count(0)

    def in_spanish(self) -> None:
        """Write the translation, and begin it where there is none."""
        self.page.get_by_role("radio", name="Spanish").first.click()
        begin = self.page.get_by_role("button", name="Enable").first
        if begin.is_visible():
            begin.click()

    def in_english(self) -> None:
        """Write the original."""
        self.page.get_by_role("radio", name="English").first.click()

    def field(self, key: str) -> Locator:
        """Return the field of a key."""
        return self.page.locator(f'section.field[data-key-path="{key}"]').first

    def value(self, key: str) -> str:
        """Return what a field holds."""
        return self.field(key).locator("input, textarea").first.input_value()

    def is_told(self, problem: str) -> None:
        """Wait until the editor says that this is wrong."""
        self.page.get_by_role("radio", name="Validation").click()
        expect(self.page.get_by_text(problem)).to_be_visible()

    def write(self, key: str, text: str) -> None:
        """Write into a field, over what is there."""
        self.field(key).locator("input, textarea").first.fill(text)

    def choose(self, key: str, label: str) -> None:
        """Choose one of a few words, or of many."""
        field = self.field(key)
        expect(field).to_be_visible()
        roles = ("radio", "checkbox")
        few = [one for role in roles if (one := field.get_by_role(role, name=label, exact=True)).count()]
        if few:
            few[0].click()
            return
        field.get_by_role("combobox").click()
        self.page.get_by_role("option", name=label, exact=True).click()

    def upload(self, picture: Path) -> None:
        """Put a picture among the site's."""
        self._window.go(f"{self._words.path}#/assets")
        self.page.get_by_role("button", name="Upload New Assets").first.click()
        with self.page.expect_file_chooser() as asked:
            self.page.get_by_role("button", name="Choose Files").click()
        asked.value.set_files(picture)
        begin = self.page.get_by_role("button", name="Upload", exact=True)
        begin.click()
        expect(begin).to_have_count(0)
        expect(self.page.get_by_text(picture.name).first).to_be_visible()

    def try_to_save(self) -> None:
        """Press the button."""
        self.page.get_by_role("button", name=self._words.save, exact=True).click()

    def save(self) -> None:
        """Save, and wait until it is done."""
        self.try_to_save()
        expect(self.page.get_by_role("button", name=self._words.save, exact=True)).to_be_disabled()


def write_into(folder: Path, files: Mapping[str, str]) -> None:
    """Put the texts of files below a folder."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
