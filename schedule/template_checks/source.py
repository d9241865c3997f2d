# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates as trees, each read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes


@dataclass(frozen=True, slots=True, order=True)
class TemplateProblem:
    """One thing to mend in one line of a template."""

    template: str
    line: int
    message: str


class UnreadableTemplate(LookupError):
    """A template that is not there, or that Jinja cannot read."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Tree:
    """A template: its statements, the template that it extends, and its blocks, also those within others."""

    body: list[nodes.Node]
    extends: nodes.Extends | None = None
    blocks: dict[str, nodes.Block] = field(default_factory=dict)


class Source:
    """The templates of an environment."""

    def __init__(self, templates: Environment) -> None:
        self.templates = templates
        self.trees: dict[str, Tree] = {}

    def tree(self, name: str) -> Tree:
        """Return a template as Jinja reads it. Raises UnreadableTemplate, once for each template."""
        if name not in self.trees:
            self.trees[name] = Tree([])
            self.trees[name] = self._read(name)
        return self.trees[name]

    def _read(self, name: str) -> Tree:
        assert self.templates.loader is not None  # noqa: S101 - each of ours has one
        try:
            text, _, _ = self.templates.loader.get_source(self.templates, name)
            whole = self.templates.parse(text, name)
        except TemplateNotFound as error:
            raise UnreadableTemplate(f'there is no template "{name}"') from error
        except TemplateSyntaxError as error:
            raise UnreadableTemplate(error.message or "cannot be read", error.lineno) from error
        blocks = {block.name: block for block in whole.find_all(nodes.Block)}
        return Tree(whole.body, whole.find(nodes.Extends), blocks)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question for the known name nearest to one, if any is near."""
    near = get_close_matches(name, list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""
