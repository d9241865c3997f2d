# SPDX-License-Identifier: AGPL-3.0-or-later
"""The setting EDITOR names a project at a host of code, or says what it should be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from plugins.trainings.code_host import LOCAL, THIS_MACHINE, CodeHost, EditorSettingError, code_host

HOW = 'as in EDITOR = "github:OWNER/PROJECT" or EDITOR = "gitlab:GROUP/PROJECT"; None is for no editor'


@pytest.mark.parametrize(
    ("setting", "host"),
    [
        (None, None),
        ("github:msix-ca/trainings", CodeHost("github", "msix-ca/trainings")),
        ("gitlab:county/msix/trainings.site", CodeHost("gitlab", "county/msix/trainings.site")),
    ],
)
@pytest.mark.parametrize("production", [False, True])
@pytest.mark.parametrize("review", [False, True])
def test_a_project_at_a_host(
    setting: str | None, host: CodeHost | None, production: bool, review: bool
) -> None:
    expected = replace(host, review=review) if host else None

    assert code_host(setting, production=production, review=review) == expected


def test_the_folder_of_this_machine_is_for_a_preview_alone() -> None:
    assert code_host(LOCAL, production=False, review=True) == THIS_MACHINE
    with pytest.raises(EditorSettingError, match=r'^EDITOR is "local", and "local" is no host of code; '):
        code_host(LOCAL, production=True, review=False)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("githb:a/b", f'EDITOR is "githb:a/b", and "githb" is no host of code; did you mean "github"?, {HOW}'),
        ("bitbucket:a/b", f'EDITOR is "bitbucket:a/b", and "bitbucket" is no host of code; write github or gitlab, {HOW}'),
        ("github", f'EDITOR is "github", and names no project at github; write it {HOW}'),
        ("github:trainings", f'EDITOR is "github:trainings", and names no project at github; write it {HOW}'),
        ("github:a/b/c", f'EDITOR is "github:a/b/c", and names no project at github; write it {HOW}'),
        ("gitlab:a/ b", f'EDITOR is "gitlab:a/ b", and names no project at gitlab; write it {HOW}'),
        ("gitlab:a/b\n", f'EDITOR is "gitlab:a/b\n", and names no project at gitlab; write it {HOW}'),
        ("", f'EDITOR is "", and "" is no host of code; write github or gitlab, {HOW}'),
        (True, f"EDITOR is True; write it {HOW}"),
    ],
)  # fmt: skip
def test_another_value_is_told_what_to_write(setting: object, message: str) -> None:
    with pytest.raises(EditorSettingError) as told:
        code_host(setting, production=True, review=False)

    assert str(told.value) == message
