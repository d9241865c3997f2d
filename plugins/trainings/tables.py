# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of all content types, in the order in which their folders are read."""

from __future__ import annotations

from plugins.trainings.article import PAGE_TABLE, PARENTS_PAGE_TABLE
from plugins.trainings.session import OCCURRENCE_TABLE, SESSION_TABLE
from plugins.trainings.trainer import TRAINER_TABLE
from plugins.trainings.training import TRAINING_TABLE

TABLES = (TRAINING_TABLE, TRAINER_TABLE, SESSION_TABLE, OCCURRENCE_TABLE, PARENTS_PAGE_TABLE, PAGE_TABLE)
FOLDERS = tuple(dict.fromkeys(table.folder for table in TABLES))
KEYS = {
    name: frozenset(key for table in TABLES if table.folder == name for key in table.names)
    for name in FOLDERS
}
"""The keys that the files of a folder may have."""
TEXTS = {name: next(table.translated_names for table in TABLES if table.folder == name) for name in FOLDERS}
"""Those of them that a translation has too."""
