# SPDX-License-Identifier: AGPL-3.0-or-later
"""How templates are compiled: so that what is the same in thousands of pages is worked out once."""

from __future__ import annotations

from itertools import chain
from keyword import iskeyword

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


class TemplateCode(CodeGenerator):
    """Writes the Python of a template, in which calls are calls.

    Jinja asks each time whether the function wants the template's context, which takes longer than most functions; none
    of ours does.
    """

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802 - Jinja's
        """Write a call."""
        if (
            forward_caller
            or node.dyn_args
            or node.dyn_kwargs
            or any(iskeyword(one.key) for one in node.kwargs)
        ):
            super().visit_Call(node, frame, forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in chain[nodes.Node](node.args, node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")
