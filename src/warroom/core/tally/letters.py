"""A letter for each line, so that the lines of a chunk are a word in which events are found by a pattern."""

import re

# What a line is by itself. Small: too long after the line before to belong to it.
ERROR, PLAIN, TRACE, THROWN, LOOSE, BARE, CHAINED, MORE, FOLLOWS, NOTHING, ASKS = b"EPTXLBCM .?"
"""The first two and a trace begin an event; so does what was thrown, and loose words, if they belong to none.
Chained: it says that the next trace belongs to the one above. Asks: its numbers decide."""
NEAR = bytes.maketrans(b"LB", b"OD")
"""Loose or bare words that came at once with the line before."""
FAR = bytes.maketrans(b"TXLB", b"txlb")

_SAID = rb"([XLOBD])"
# Of an event with what was thrown: what may follow, and another trace only where it was said to belong here.
_ERRORS_END = rb"[ ODB]*(?:C[ ODBC]*(?:T[ C]*(?:" + _SAID + rb"[ ODB]*)?)?)*"
_END = rb"[ DB]*(?:C[ DBC]*(?:T[ C]*(?:" + _SAID + rb"[ DB]*)?)?)*"
_ERRORS = rb"E(?= *[ODCXT])[ ODC]*(?:(?:(X)|T[ TC]*" + _SAID + rb")" + _ERRORS_END + rb"|T[ TC]*)?"
_TRACES = rb"[Tt](?= *[CXLOBD])[ C]*(?:" + _SAID + _END + rb")?"
_OTHERS = rb"(?= *[DCT])[ DC]*(?:T[ TC]*(?:" + _SAID + _END + rb")?)?"
JOINED = re.compile(_ERRORS + rb"|" + _TRACES + rb"|[XxLlO]" + _OTHERS)
"""An event that more belongs to than what follows without a word. Its last group is the line that says what was thrown."""
EVERY = re.compile(_ERRORS + rb"|" + _TRACES + rb"|[XxLlOBbD]" + _OTHERS)
"""The same where any line may begin an event."""

BEGINS = ord("+")
_HEADS, _BARES = b"EPTtXxLlO", b"BbD"
BEGUN = bytes.maketrans(_HEADS + _BARES + b"C", b"+" * len(_HEADS) + b"." * len(_BARES) + b" ")
"""What is left of the letters when all that belongs to another line was made a blank: `+` begins an event."""
BEGUN_EVERY = bytes.maketrans(_HEADS + _BARES + b"C", b"+" * len(_HEADS + _BARES) + b" ")
