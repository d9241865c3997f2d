# SPDX-License-Identifier: AGPL-3.0-or-later
"""Goes through templates as Jinja renders them, in every branch, with types in the place of values."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints

from jinja2 import nodes
from jinja2.runtime import LoopContext
from jinja2.visitor import NodeVisitor
from markupsafe import Markup

from schedule.template_checks import types
from schedule.template_checks.source import Source, TemplateProblem, Tree, UnreadableTemplate, did_you_mean
from schedule.template_checks.types import Type


@dataclass(slots=True)
class _Scope:
    """The names that can be seen at a place, with their types; `context` is the dataclass that they come from."""

    names: dict[str, Type] = field(default_factory=dict)
    above: _Scope | None = None
    context: type | None = None

    def chain(self) -> Iterator[_Scope]:
        """Yield the scopes from the innermost one on."""
        yield self
        if self.above is not None:
            yield from self.above.chain()


@dataclass(frozen=True, slots=True, eq=False)
class _Macro:
    """A macro, where it stands, and what it sees besides its parameters."""

    node: nodes.Macro
    template: str
    scope: _Scope


def _scope_of(context: type, above: _Scope | None) -> _Scope:
    known = get_type_hints(context)
    return _Scope({field.name: known[field.name] for field in fields(context)}, above, context)


class Walk(NodeVisitor):
    """Goes through one page after another, and gathers what is wrong and what is used; `visit` returns a type."""

    def __init__(self, source: Source, shared: type | None) -> None:
        self.problems: set[TemplateProblem] = set()
        self.used: set[tuple[type, str]] = set()
        self._source = source
        self._shared = _scope_of(shared, None) if shared else _Scope()
        self._template = ""
        self._page = self._shared
        self._blocks: dict[str, tuple[str, nodes.Block]] = {}
        self._shown: set[str] = set()
        self._open: set[object] = set()
        self._imported: dict[str, _Scope] = {}
        self._calls: set[Hashable] = set()
        self._once: dict[str, str] = {}  # the templates of macros that are made once, by name

    def page(self, template: str, context: type) -> None:
        """Go through a whole page, or whatever else is rendered from one template."""
        self._page = _scope_of(context, self._shared)
        self._blocks, self._shown, self._template = {}, set(), template
        self._go(template, nodes.Template([], lineno=1))
        for name in self._blocks.keys() - self._shown:
            at, block = self._blocks[name]
            with self._in(at):
                self._report(block, f'the block "{name}" is shown nowhere: what is extended here has none')

    def _go(self, template: str, asking: nodes.Node) -> None:
        """Go through a template and what it extends; where it extends another, it only sets names and blocks."""
        tree = self._tree(template, asking)
        with self._in(template):
            for name, block in tree.blocks.items():
                self._blocks.setdefault(name, (template, block))
            for node in tree.body:
                if tree.extends is None or not isinstance(node, nodes.Output | nodes.Block | nodes.Extends):
                    self.visit(node, self._page)
            if tree.extends is not None and (parent := self._named(tree.extends.template)):
                with self._inside(parent) as again:
                    if not again:
                        self._go(parent, tree.extends)

    def _tree(self, name: str, asking: nodes.Node) -> Tree:
        try:
            return self._source.tree(name)
        except UnreadableTemplate as error:
            if error.line is None:
                self._report(asking, str(error))
            else:
                self.problems.add(TemplateProblem(name, error.line, str(error)))
            return Tree([])

    @contextmanager
    def _in(self, template: str) -> Iterator[None]:
        before, self._template = self._template, template
        yield
        self._template = before

    @contextmanager
    def _inside(self, part: object) -> Iterator[bool]:
        """Go into a template or a macro; tell whether we are in it already, as in one that calls itself."""
        again = part in self._open
        self._open.add(part)
        yield again
        if not again:
            self._open.remove(part)

    def _report(self, node: nodes.Node, message: str) -> None:
        self.problems.add(TemplateProblem(self._template, node.lineno, message))

    def _named(self, node: nodes.Node) -> str | None:
        """Return the template that a statement names."""
        if isinstance(node, nodes.Const):
            return str(node.value)
        self._report(node, "which template this is depends on a value; write its name")
        return None

    def generic_visit(self, node: nodes.Node, scope: _Scope) -> Type:
        """Go through what needs no rule of its own; nothing is known of its type."""
        for child in node.iter_child_nodes():
            self.visit(child, scope)
        return Any

    # What shows a value.

    def visit_Name(self, node: nodes.Name, scope: _Scope) -> Type:
        for level in scope.chain():
            if node.name in level.names:
                if level.context is not None:
                    self.used.add((level.context, node.name))
                return level.names[node.name]
        known = {name for level in scope.chain() for name in level.names}
        self._report(node, f'"{node.name}" is not given here{did_you_mean(node.name, known)}')
        return Any

    def visit_Getattr(self, node: nodes.Getattr, scope: _Scope) -> Type:
        of = self.visit(node.node, scope)
        try:
            return types.attribute(of, node.attr)
        except types.NoAttribute:
            meant = did_you_mean(node.attr, types.attributes(of))
            self._report(node, f'{types.name_of(of)} has no "{node.attr}"{meant}')
            return Any

    def visit_Getitem(self, node: nodes.Getitem, scope: _Scope) -> Type:
        of = self.visit(node.node, scope)
        self.visit(node.arg, scope)
        return types.item(of, node.arg.value if isinstance(node.arg, nodes.Const) else None)

    def visit_Call(self, node: nodes.Call, scope: _Scope) -> Type:
        called = self.visit(node.node, scope)
        given = [self.visit(argument, scope) for argument in node.args]
        named = {argument.key: self.visit(argument.value, scope) for argument in node.kwargs}
        if isinstance(called, _Macro):
            return self._call(called, given, named, node)
        if given and isinstance(given[0], _Macro):
            return self._called_once(given[0], given[1:], node)
        return types.result(called)

    def _called_once(self, macro: _Macro, given: list[Type], at: nodes.Node) -> Type:
        """Go through a macro that is made once for the same arguments; so it may see nothing else of a page."""
        if any(level is self._page for level in macro.scope.chain()):
            self._report(at, f'the macro "{macro.node.name}" sees the page; import it to have it made once')
        if (other := self._once.setdefault(macro.node.name, macro.template)) != macro.template:
            self._report(
                at, f'"{macro.node.name}" of {other} is made once, too; give one of both another name'
            )
        return self._call(macro, given, {}, at)

    def visit_Filter(self, node: nodes.Filter, scope: _Scope) -> Type:
        self._has(node, "filter", node.name, self._source.templates.filters)
        return self.generic_visit(node, scope)

    def visit_Test(self, node: nodes.Test, scope: _Scope) -> Type:
        self._has(node, "test", node.name, self._source.templates.tests)
        return self.generic_visit(node, scope)

    def _has(self, node: nodes.Node, what: str, name: str, known: Mapping[str, object]) -> None:
        if name not in known:
            self._report(node, f'Jinja has no {what} "{name}"{did_you_mean(name, known)}')

    def visit_CondExpr(self, node: nodes.CondExpr, scope: _Scope) -> Type:
        self.visit(node.test, scope)
        if node.expr2 is None:
            self._report(node, 'an "if" within an expression needs an "else"')
            return self.visit(node.expr1, scope)
        return types.either(self.visit(node.expr1, scope), self.visit(node.expr2, scope))

    def visit_Or(self, node: nodes.Or, scope: _Scope) -> Type:
        return types.either(self.visit(node.left, scope), self.visit(node.right, scope))

    def visit_And(self, node: nodes.And, scope: _Scope) -> Type:
        return types.either(self.visit(node.left, scope), self.visit(node.right, scope))

    def visit_Const(self, node: nodes.Const, scope: _Scope) -> Type:
        return type(node.value)

    def visit_Tuple(self, node: nodes.Tuple, scope: _Scope) -> Type:
        return types.tuple_of([self.visit(part, scope) for part in node.items])

    def visit_List(self, node: nodes.List, scope: _Scope) -> Type:
        return types.list_of([self.visit(part, scope) for part in node.items])

    # What sets a name.

    def _bind(self, target: nodes.Node, given: Type, scope: _Scope) -> None:
        if isinstance(target, nodes.Name):
            scope.names[target.name] = given
        elif isinstance(target, nodes.Tuple):
            for place, part in enumerate(target.items):
                self._bind(part, types.item(given, place), scope)

    def visit_Assign(self, node: nodes.Assign, scope: _Scope) -> None:
        self._bind(node.target, self.visit(node.node, scope), scope)

    def visit_AssignBlock(self, node: nodes.AssignBlock, scope: _Scope) -> None:
        self._all(node.body, _Scope(above=scope))
        self._bind(node.target, Markup, scope)

    def visit_With(self, node: nodes.With, scope: _Scope) -> None:
        inner = _Scope(above=scope)
        for target, value in zip(node.targets, node.values, strict=True):
            self._bind(target, self.visit(value, scope), inner)
        self._all(node.body, inner)

    def visit_For(self, node: nodes.For, scope: _Scope) -> None:
        inner = _Scope({"loop": LoopContext}, above=scope)
        self._bind(node.target, types.element(self.visit(node.iter, scope)), inner)
        self._all([*([node.test] if node.test else []), *node.body], inner)
        self._all(node.else_, scope)

    def _all(self, body: list[nodes.Node], scope: _Scope) -> None:
        for node in body:
            self.visit(node, scope)

    # What brings in other templates.

    def visit_Block(self, node: nodes.Block, scope: _Scope) -> None:
        """Go through the block of the template that extends all others; it sees what the page sees."""
        self._shown.add(node.name)
        template, block = self._blocks[node.name]
        with self._in(template):
            self._all(block.body, _Scope(above=self._page))

    def visit_Include(self, node: nodes.Include, scope: _Scope) -> None:
        if name := self._named(node.template):
            tree = self._tree(name, node)
            with self._in(name), self._inside(name) as again:
                self._all([] if again else tree.body, _Scope(above=scope))

    def visit_Import(self, node: nodes.Import, scope: _Scope) -> None:
        self._report(node, "write which macros you import: {% from … import … %}")
        scope.names[node.target] = Any

    def visit_FromImport(self, node: nodes.FromImport, scope: _Scope) -> None:
        """Go through a template of macros; they see what all templates share, and nothing of the page."""
        if name := self._named(node.template):
            if name not in self._imported:
                inner = self._imported[name] = _Scope(above=self._shared)
                tree = self._tree(name, node)
                with self._in(name):
                    self._all(tree.body, inner)
            inner = self._imported[name]
            for wanted in node.names:
                macro, alias = wanted if isinstance(wanted, tuple) else (wanted, wanted)
                if macro not in inner.names:
                    self._report(node, f'"{name}" has no "{macro}"{did_you_mean(macro, inner.names)}')
                scope.names[alias] = inner.names.get(macro, Any)

    def visit_Macro(self, node: nodes.Macro, scope: _Scope) -> None:
        """Take note of a macro; what its parameters are is known where it is called."""
        scope.names[node.name] = _Macro(node, self._template, scope)

    def _call(self, macro: _Macro, given: list[Type], named: dict[str, Type], at: nodes.Node) -> Type:
        node, inner = macro.node, _Scope(above=macro.scope)
        parameters = [parameter.name for parameter in node.args]
        if surplus := [*named.keys() - set(parameters), *map(str, given[len(parameters) :])]:
            self._report(at, f'the macro "{node.name}" does not take {", ".join(surplus)}')
        inner.names |= dict(zip(parameters, given, strict=False)) | named
        with self._in(macro.template):
            for name, default in zip(parameters[::-1], node.defaults[::-1], strict=False):
                inner.names.setdefault(name, self.visit(default, macro.scope))
        for name in parameters:
            if name not in inner.names:
                self._report(at, f'the macro "{node.name}" needs "{name}"')
                inner.names[name] = Any
        call = (macro, *inner.names.items())
        with self._in(macro.template), self._inside(node) as again:
            if not again and call not in self._calls:
                self._calls.add(call)
                self._all(node.body, inner)
        return Markup
