# SPDX-License-Identifier: AGPL-3.0-or-later
"""uv looks for packages where pip is configured to look."""

from __future__ import annotations

from pathlib import Path

import pytest

from requirements.pip_settings import ForUv, for_uv, listed, parsed

PLAIN = {"UV_INDEX_STRATEGY": "unsafe-best-match"}


def test_the_environment_goes_before_the_command_and_the_command_before_all_commands() -> None:
    listing = (
        ":env:.timeout='180'\n"
        "global.index-url='https://all.example/simple'\n"
        "global.timeout='1'\n"
        "install.index-url='https://install.example/simple'\n"
        "install.timeout='2'\n"
    )

    assert parsed(listing) == {"index-url": "https://install.example/simple", "timeout": "180"}


def test_settings_of_other_commands_empty_ones_and_other_lines_do_not_count() -> None:
    listing = (
        "download.index-url='https://other.example'\nglobal.proxy=''\nhello\nglobal.cert='/a b/c=d.pem'\n"
    )

    assert parsed(listing) == {"cert": "/a b/c=d.pem"}


def test_every_place_that_pip_knows_is_handed_on() -> None:
    settings = parsed(
        "global.index-url='https://user:word@index.example/simple'\n"
        "global.extra-index-url='\\nhttps://one.example/simple\\nhttps://two.example/simple'\n"
        "global.find-links='/wheels https://links.example/'\n"
        "global.trusted-host='index.example one.example'\n"
        "global.cert='/ca.pem'\n"
        "global.client-cert='/client.pem'\n"
        "global.proxy='http://proxy.example:3128'\n"
    )

    assert for_uv(settings, {"HOME": "/home/ana"}) == ForUv(
        [],
        {
            "HOME": "/home/ana",
            "UV_DEFAULT_INDEX": "https://user:word@index.example/simple",
            "UV_INDEX": "https://one.example/simple https://two.example/simple",
            "UV_FIND_LINKS": "/wheels,https://links.example/",
            "UV_INSECURE_HOST": "index.example one.example",
            "SSL_CERT_FILE": "/ca.pem",
            "SSL_CLIENT_CERT": "/client.pem",
            "ALL_PROXY": "http://proxy.example:3128",
            **PLAIN,
        },
    )


def test_without_settings_uv_is_left_alone_but_for_how_it_compares_indexes() -> None:
    assert for_uv({}, {"HOME": "/home/ana"}) == ForUv([], {"HOME": "/home/ana", **PLAIN})


def test_without_an_index_only_the_links_count() -> None:
    settings = {"no-index": "true", "index-url": "https://index.example", "find-links": "/wheels"}

    assert for_uv(settings, {}) == ForUv(["--no-index"], {"UV_FIND_LINKS": "/wheels"})
    assert for_uv({**settings, "no-index": "0"}, {}).options == []


def test_what_is_set_for_uv_itself_stays() -> None:
    own = {"UV_DEFAULT_INDEX": "https://uv.example/simple", "SSL_CERT_FILE": "/own.pem"}

    assert for_uv({"index-url": "https://pip.example/simple", "cert": "/ca.pem"}, own) == ForUv(
        [], {**own, **PLAIN}
    )


def test_pip_says_what_its_files_and_its_variables_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex_url = https://file.example/simple\n[install]\nextra-index-url =\n  https://a\n  https://b\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    settings = parsed(listed())

    assert {name: settings[name].split() for name in ("index-url", "extra-index-url", "find-links")} == {
        "index-url": ["https://file.example/simple"],
        "extra-index-url": ["https://a", "https://b"],
        "find-links": ["/wheels"],
    }
