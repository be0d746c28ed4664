"""The ruled line above every pane."""

from collections.abc import Sequence

from warroom.ui.cells import Line, Seg, cell, ends, measure
from warroom.ui.look import g


def head_line(name: str, facts: Sequence[Line], width: int, *, digit: str = "", focused: bool = False, state: Line = ()) -> list[Seg]:
    """`━ 2 pods · 13 · ✗ 3 failing ━━━ ● 1 s ━`: facts drop whole where room is short, the telling one is last."""
    rule, ink = (g["heavy"], "$focus") if focused else (g["rule"], "$rule")
    left: list[Seg] = [
        (rule, ink),
        *([(f" {digit}", "$focus bold")] if digit else []),
        (f" {name} ", "$loud bold" if focused else "$ink bold"),
    ]
    right: list[Seg] = [*([(" ", ""), *state, (" ", "")] if state else []), (rule, ink)]
    facts, room = [fact for fact in facts if fact], width - measure(left) - measure(right)
    while facts and sum(3 + measure(fact) for fact in facts) > room:
        facts = facts[1:]
    for n, fact in enumerate(facts):
        left += [(f"{g['dot']} " if n == 0 else f" {g['dot']} ", "$soft"), *fact]
    if facts:
        left.append((" ", ""))
    spare = width - measure(left) - measure(right)
    return ends(width, cell(left, max(0, width - measure(right) - 1)), right) if spare < 0 else [*left, (rule * spare, ink), *right]
