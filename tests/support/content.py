# SPDX-License-Identifier: AGPL-3.0-or-later
"""What writers of content do, for tests: small content folders, and repositories that hold them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.notes import NoteRenderer
from plugins.trainings.problems import ContentError
from plugins.trainings.reader import Content, read_content
from plugins.trainings.revisions import revisions
from schedule.addresses import Addresses
from schedule.model import Session
from tests.support.constants import NOW, PACIFIC, ROOT, SITE_URL

TRAINING = """\
Title: Overview
Summary: All of it.
Audience: Everyone.
Topics:
    One
    Two
Duration: 90
Order: 1
"""
TRAINING_ES = """\
Title: Panorama
Summary: Todo.
Audience: Todos.
Topics:
    Uno
    Dos
"""
TRAINER = """\
Title: Uriel Ramirez Torres
Role: Trainer
Kind: trainer
Phone: (530) 666-1977
Extension: 8
Email: uriel@example.org
Languages: en, es
"""
SUPPORT = """\
Title: CA MSIX Support
Role: Support line
Kind: support
Phone: (866) 878-9525
Languages: en
"""
PAGE = """\
Title: Home
Summary: What this is.

Welcome.
"""
PAGE_ES = """\
Title: Inicio
Summary: De qué se trata.

Le damos la bienvenida.
"""
FILES = {
    "trainings/overview.md": TRAINING,
    "trainings/overview.es.md": TRAINING_ES,
    "trainers/uriel-ramirez-torres.md": TRAINER,
    "trainers/uriel-ramirez-torres.es.md": "Role: Capacitador\n",
    "trainers/ca-msix-support.md": SUPPORT,
    "trainers/ca-msix-support.es.md": "Role: Línea de ayuda\n",
    "pages/index.md": PAGE,
    "pages/index.es.md": PAGE_ES,
}

# In this order, so that tests know the lines: Training is line 1, Status is line 8.
SESSION = {
    "Training": "overview",
    "Start": "2026-12-03 10:00",
    "Duration": "90",
    "Trainers": "uriel-ramirez-torres",
    "Capacity": "20",
    "Language": "en",
    "Format": "online",
    "Status": "scheduled",
}


def session_text(body: str = "", **keys: str | None) -> str:
    """Return a good session's file with some keys changed, left out (None) or added below (from line 9 on).

    Keys are written as Python's keyword arguments: `Join_Url`.
    """
    headers = SESSION | {key.replace("_", "-"): value for key, value in keys.items()}
    lines = [f"{key}: {value}" for key, value in headers.items() if value is not None]
    return "\n".join([*lines, *(["", body] if body else []), ""])


class ContentFolder:
    """A content folder with one training, one trainer, the support line and a home page; no sessions."""

    def __init__(self, root: Path, site_url: str = SITE_URL) -> None:
        self.path = root / "content"
        self.site_url = site_url
        (self.path / "sessions").mkdir(parents=True)
        for path, text in FILES.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        """Write a file below the folder."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Put one text in the place of another, which must be there."""
        text = (self.path / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} in {path}"
        self.write(path, text.replace(old, new))

    def delete(self, path: str) -> None:
        """Delete a file."""
        (self.path / path).unlink()

    def session(self, name: str = "a", body: str = "", **keys: str | None) -> None:
        """Write a session's file, good but for the changes."""
        self.write(f"sessions/{name}.md", session_text(body, **keys))

    def read(self, memo: Memo | None = None) -> Content:
        """Read the folder as a build does."""
        history, _ = revisions(self.path)
        memo = memo or Memo()
        renderer = Renderer(memo, {"retention_days": "180"}, Addresses(self.site_url).folder)
        notes = NoteRenderer(renderer, self.site_url)
        return read_content(self.path, PACIFIC, history, memo, notes, NOW)

    def sessions(self) -> dict[str, Session]:
        """Read the folder, and return its sessions by their ids."""
        return {session.id: session for session in self.read().schedule.sessions}

    def errors(self) -> list[str]:
        """Return what a writer is told when the folder cannot become a site; [] if it can."""
        try:
            self.read()
        except ContentError as error:
            return str(error).split("\n")
        return []

    def warnings(self) -> list[str]:
        """Return what a writer is told although the folder can become a site."""
        return [str(problem) for problem in self.read().warnings]


class Repository:
    """A git repository around a content folder, apart from all of the machine's own settings."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("-c", "init.defaultBranch=main", "init", "--quiet")

    def git(self, *arguments: str, at: str = "2026-11-01T12:00:00Z") -> str:
        """Run git at a fixed time; return what it prints."""
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Writer",
            "GIT_AUTHOR_EMAIL": "writer@example.org",
            "GIT_COMMITTER_NAME": "Writer",
            "GIT_COMMITTER_EMAIL": "writer@example.org",
            "GIT_AUTHOR_DATE": at,
            "GIT_COMMITTER_DATE": at,
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def commit(self, at: str = "2026-11-01T12:00:00Z") -> None:
        """Commit everything as it stands, at a fixed time."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Change", at=at)


def copy_content(folder: Path) -> Path:
    """Copy the content into a folder and return where it is."""
    return Path(shutil.copytree(ROOT / "content", folder / "content"))
