"""The box of an item and what stands for it: a hand, a measurement, or both beside each other."""

from collections.abc import Sequence

from warroom.core.measured import Measured
from warroom.ui.cells import Line, Seg
from warroom.ui.look import foreign, g

WORDS = {"true": "met", "false": "not met", "unknown": "no data"}
STYLES = {"true": "$loud", "false": "$soft", "unknown": "$soon"}


def box(on: bool, here: bool, found: Measured | None) -> list[Seg]:
    """A measurement has no brackets, since no hand unticks it; what is unknown can be ticked, and a hand may disagree."""
    if found is not None and found.verdict == "true":
        return [(f" {g['yes']}  ", "$loud bold")]
    if on:
        return [("[", "$soft"), (g["good"], "$loud bold"), ("] ", "$soft")]
    if not here:
        return [(f" {g['na']}  ", "$soft")]
    if found is not None and found.verdict == "false":
        return [(f" {g['no']}  ", "$soft")]
    return [("[", "$soft"), (g["unknown"], "$soon") if found is not None else (" ", "$loud bold"), ("] ", "$soft")]


def proofs_of(hands: Sequence[Line], found: Measured | None, *, on: bool) -> Sequence[Line]:
    """What stands at the right end, from all of it to the least; of a hand and a measurement both, the measurement stays last."""
    if found is None:
        return hands or [()]
    figure: Line = [(foreign(found.figure) or WORDS[found.verdict], STYLES[found.verdict])]
    between = ", but " if found.verdict == "false" else ", "
    return [*([*hand, (between, "$soft"), *figure] for hand in hands if on), figure]
