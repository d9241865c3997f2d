# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tries whether the folder for Lambda works by itself: `python -I -S -B trial.py FOLDER`, with the runtime's Python.

It loads all that the function may load, with the folder alone, and looks at all that its pages are made from: what is
missing or wrong shows here, and not in the first request.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

ELSEWHERE = frozenset(
    {
        "register.__main__",
        "register.entrypoints.preview",
        "register.entrypoints.server",
        "register.entrypoints.static_site",
        "register.operations.sender_domain",
    }
)
"""What runs on a machine of one's own alone: a program that begins at once, and what needs libraries left out here."""

SERVICES = ("dynamodb", "sesv2", "ssm")
"""What the function speaks to."""

LANGUAGES = ("en", "es")
"""The languages of the site."""


def main(folder: Path) -> None:
    """Load everything, and let what is wrong raise."""
    # Neither site-packages nor the folder that we are in.
    sys.path.insert(0, str(folder))
    for package in ("register", "schedule"):
        for module in pkgutil.walk_packages([str(folder / package)], f"{package}."):
            if module.name not in ELSEWHERE:
                importlib.import_module(module.name)
    import apig_wsgi  # noqa: F401 - whether it can be loaded is what is tried
    from babel import Locale
    from botocore.session import get_session

    for language in LANGUAGES:
        Locale(language, "US").languages  # noqa: B018 - reads the file
    for service in SERVICES:
        get_session().create_client(service, region_name="us-west-2")

    from register.entrypoints.template_check import check_templates
    from register.settings.build import Build

    Build(folder / "build").site()
    check_templates(folder / "theme")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
