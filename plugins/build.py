# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the site aside and puts it in place only when it is whole; `python -m plugins.build`."""

from __future__ import annotations

import argparse
import atexit
import errno
import gc
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from plugins.build_log import start_logging
from plugins.kept import Cache, LastBuild
from plugins.placing import locked, note, place
from plugins.sources import Sources, has_changed_since, look, program_digest, published_digest
from plugins.trainings.file_states import FileStates
from plugins.trainings.output import Standing
from plugins.trainings.problems import ContentError, ContentProblem, SiteError
from plugins.trainings.settings_file import NONE, load_settings
from plugins.trainings.state import SETTING, BuildState

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What a disk says that takes no more: it is full, or what its owner may have of it is."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: files of the site in all, those that it had to make, and what to look at."""

    files: int
    made: int
    warnings: tuple[ContentProblem, ...]
    unchanged: bool = False
    """Whether all that it reads and all that it wrote is as it was, so that there was nothing to do."""


class BuildFailed(SiteError):
    """Pelican or a template stopped the build for a reason that is not in the content."""


def stopped(error: OSError) -> BuildFailed:
    """Return what to say of a disk that has stopped a build; it does not always name the file."""
    if error.errno in _FULL:
        return BuildFailed(
            f"the disk is full ({error.strerror}); make room, and do it again: until then the site before stays"
        )
    return BuildFailed(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def line_of(error: SiteError) -> str:
    """Return what a command says of an error; problems of the content say by themselves what they are."""
    return str(error) if isinstance(error, ContentError) else f"error: {error}"


def _nothing(line: str) -> None:
    """Say nothing."""


class Builder:
    """Builds again and again, and makes only what has changed since the last success.

    `overrides` are Pelican settings that go before the file's. What a build made is kept in the folder `cache`, for the
    next process; without one, in this process alone. Nothing of a build is seen before all of it is there.
    `before` are the folders of the last build, the site's and the private one, if they are elsewhere. With `moves`,
    those of this one are moved, too, and what it made is kept when `keep` is told where to. With `own`, nobody else
    writes into the folders of this one, so that they need not be looked at again by this process.
    """

    def __init__(
        self,
        settings_file: Path,
        overrides: Mapping[str, Any] | None = None,
        *,
        cache: Path | None = None,
        before: tuple[Path, Path] | None = None,
        moves: bool = False,
        own: bool = False,
        say: Callable[[str], None] = _nothing,
    ) -> None:
        settings = load_settings(settings_file, overrides)
        self.output = Path(settings["OUTPUT_PATH"])
        self.private = Path(settings_file).parent.resolve() / settings["BUILD_PATH"]
        self.content, self.theme = Path(settings["PATH"]), Path(settings["THEME"])
        self.sign_up = settings.get("SIGNUP") != NONE
        self._settings_folder = Path(settings_file).resolve().parent
        self._settings_read = self._settings_files()
        self._settings = settings
        self._with_defaults: dict[str, Any] | None = None
        self._targets = (self.output.resolve(), self.private.resolve())
        self._before = tuple(folder.resolve() for folder in before) if before else self._targets
        self._moves, self._own = moves, own
        self._say = say
        self._sources: Sources | None = None
        self._cache = Cache(cache, say) if cache else None
        self._program = ""
        self._files = FileStates()
        self.forget()

    def forget(self) -> None:
        """Make the next build of this process a cold one, but for what is kept on disk."""
        self._program, self._is_loaded = "", False
        self._state = BuildState(files=self._files, standing=tuple(map(Standing, self._before)))

    def changed_settings(self) -> list[str]:
        """Return the names of the settings files that are not as they were read; builds go by what was read."""
        now = self._settings_files()
        names = sorted(now.keys() | self._settings_read.keys())
        return [name for name in names if now.get(name) != self._settings_read.get(name)]

    def _settings_files(self) -> dict[str, bytes]:
        """Return the settings files: they import each other, so all of them count."""
        found: dict[str, bytes] = {}
        for file in self._settings_folder.glob("*conf.py"):
            with suppress(FileNotFoundError):  # it is just being replaced
                found[file.name] = file.read_bytes()
        return found

    def build(self) -> BuildReport:
        """Build once. Raises SiteError (ContentError for what writers can mend); then nothing has changed.

        Where another build into the same folders is under way, this waits for it.
        """
        new = [target for target in self._targets if not target.is_dir()]
        if new:
            self.forget()
        try:
            self._make_folders()
            with locked(self._targets, self._say):
                self._make_folders()  # another build that has failed meanwhile has deleted its own
                if self._cache:
                    sources = look(self._settings, self._settings_folder, self._before[1], self._files)
                    return self._build(sources)
                return self._build(Sources(program_digest(self._settings, self._settings_folder)))
        except ContentError:
            raise
        except BuildFailed:
            # Perhaps for what another process has kept, as where somebody has deleted a file that it names.
            if self._cache and self._is_loaded:
                self._cache.untrue()
            self.forget()
            raise
        except OSError as error:
            self.forget()
            raise stopped(error) from error
        except BaseException:  # Ctrl-C as well: nobody knows how far it came, so the next build begins anew
            self.forget()
            raise
        finally:
            for target in new:
                with suppress(OSError):  # there are files in it, if all went well
                    target.rmdir()

    def _make_folders(self) -> None:
        for target, mode in zip(self._targets, (0o777, 0o700), strict=True):
            target.mkdir(parents=True, exist_ok=True, mode=mode)

    def _build(self, sources: Sources) -> BuildReport:
        """Make what is not as it was, and put it in place."""
        kept = self._cache.kept() if self._cache else None
        if kept and kept.everything == sources.everything and self._stands(kept):
            return BuildReport(len(kept.standing[0].files), 0, kept.warnings, unchanged=True)
        if sources.program != self._program:
            self.forget()
            if self._cache and kept and kept.program == sources.program:
                self._load(self._cache, kept)
            self._program = sources.program
        state = self._state
        state.published, state.repository = self._before[1], sources.repository
        asides = tuple(target.with_name(f".{target.name}.new") for target in self._targets)
        try:
            for aside in asides:
                shutil.rmtree(aside, ignore_errors=True)
                aside.mkdir(mode=0o700)
            self._run(asides)
            if self._cache:
                self._cache.untrue()
            state.standing = tuple(
                replace(place(output, target), is_own=self._own)
                for target, output in zip(self._targets, state.outputs, strict=True)
            )
        finally:
            for aside in asides:
                shutil.rmtree(aside, ignore_errors=True)
        self._before, self._sources = self._targets, sources
        if not self._moves:
            self._save()
        site = state.outputs[0]
        return BuildReport(len(site.paths), len(site.made), (*state.warnings, *state.news))

    def keep(self, folders: tuple[Path, Path]) -> None:
        """Keep what the last build made, which stands in these folders now, the site's and the private one."""
        self._before = tuple(folder.resolve() for folder in folders)
        self._state.standing = tuple(map(note, self._state.outputs, self._before))
        self._save()

    def _save(self) -> None:
        if not (self._cache and self._sources):
            return
        if has_changed_since(self._settings, self._sources.looked):
            # Nobody knows which of both this build has read, so nothing of it is kept.
            self._say("note: something was edited while the site was built; build it again")
        else:
            # What stands published now is what this build has made, and so the next one has no news of it.
            published = published_digest(self._settings, self._before[1])
            state, sources = self._state, replace(self._sources, published=published)
            kept = LastBuild(sources.program, sources.everything, state.standing, state.warnings)
            self._cache.save(kept, state.memo, (state.history, state.compiled))

    def _stands(self, kept: LastBuild) -> bool:
        """Whether the last good build stands where it is looked for, as it was left."""
        folders = tuple(standing.folder for standing in kept.standing)
        return folders == self._before and all(standing.is_as_noted for standing in kept.standing)

    def _load(self, cache: Cache, kept: LastBuild) -> None:
        """Go on from what another process has kept."""
        found = cache.load(kept)
        if found is not None:
            self._state.memo, (self._state.history, self._state.compiled) = found
            self._is_loaded = True
            known = {standing.folder: standing for standing in kept.standing}
            self._state.standing = tuple(known.get(folder, Standing(folder)) for folder in self._before)

    def _run(self, asides: tuple[Path, ...]) -> None:
        """Let Pelican fill the folders; what it would only log is an error."""
        from pelican import Pelican
        from pelican.settings import read_settings

        start_logging()
        if self._with_defaults is None:
            self._with_defaults = dict(read_settings(override=dict(self._settings)))
        settings = self._with_defaults | {
            "OUTPUT_PATH": str(asides[0]),
            "BUILD_PATH": str(asides[1]),
            "PLUGINS": list(self._settings["PLUGINS"]),
            SETTING: self._state,
        }
        try:
            Pelican(settings).run()
        except SiteError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                raise
            # Templates raise what Python raises, and Pelican whatever its plugins do: no base class names that. It is a
            # build that failed, said with its type and its place, and the server that builds on changes lives on.
            raise BuildFailed(f"{_place(error, self.theme)}{type(error).__name__}: {error}") from error


def _place(error: BaseException, theme: Path) -> str:
    """Return where in a template an error was raised, as Jinja writes it into the traceback; else nothing."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(theme):
            return f"{theme.name}/{Path(frame.filename).relative_to(theme)}:{frame.lineno}: "
    return ""


def without_garbage_collection() -> None:
    """Look for no garbage, also when Python does so once more at its end: what a build makes stays until then."""
    gc.disable()
    atexit.register(gc.freeze)


def main(arguments: list[str] | None = None) -> int:
    """Build from the command line; the exit status is 0, or 1 if the old site had to stay."""
    parser = argparse.ArgumentParser(prog="python -m plugins.build", description=__doc__)
    parser.add_argument("-s", "--settings", type=Path, default=Path("pelicanconf.py"), help="settings file")
    parser.add_argument("--output", type=Path, help="put the site here")
    parser.add_argument("--private", type=Path, help="put what the sign-up function reads here")
    parser.add_argument(
        "--allow-uncommitted", action="store_true", help="publish content that is not committed, and say so"
    )
    parser.add_argument("--cache", type=Path, help="keep here what the next build need not make again")
    options = parser.parse_args(arguments)
    without_garbage_collection()
    paths = {"OUTPUT_PATH": options.output, "BUILD_PATH": options.private}
    overrides: dict[str, object] = {key: str(path.resolve()) for key, path in paths.items() if path}
    if options.allow_uncommitted:
        overrides["ALLOW_UNCOMMITTED"] = True
    say = partial(print, file=sys.stderr, flush=True)
    try:
        report = Builder(options.settings, overrides, cache=options.cache, say=say).build()
    except SiteError as error:
        say(line_of(error))
        return 1
    for warning in report.warnings:
        say(warning)
    print(f"{report.files} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
