"""Exact arithmetic on decimals, for the `calculate` tool."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException, Inexact, localcontext

OPERATORS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


EXACT_DIGITS = 1000
"""More than any sum or product of an expression that a tool takes has."""
SHOWN_DIGITS = 28
"""Of a quotient that never ends."""


class NotArithmetic(Exception):
    """The expression is not arithmetic on plain numbers."""


def calculate(expression: str) -> Decimal:
    """The value of an expression of numbers, `+ - * /` and parentheses. Raises: NotArithmetic."""
    try:
        tree = ast.parse(expression, mode="eval")
        with localcontext(Context(prec=EXACT_DIGITS)) as context:
            value = evaluate(tree.body, expression)
            return Context(prec=SHOWN_DIGITS).plus(value) if context.flags[Inexact] else value
    except (SyntaxError, ValueError, DecimalException, RecursionError, MemoryError) as error:
        raise NotArithmetic(f"{NotArithmetic.__doc__} ({type(error).__name__})") from error


def evaluate(node: ast.expr, expression: str) -> Decimal:
    """One node of the expression; numbers are read from the text, so that 0.1 is exactly 0.1."""
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](evaluate(node.left, expression), evaluate(node.right, expression))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -evaluate(node.operand, expression)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return Decimal(ast.get_source_segment(expression, node) or "")
    raise NotArithmetic(NotArithmetic.__doc__)
