"""The values in a message, put out of sight so that what remains is what the program always says."""

import re

WILD = "<*>"
JOINT = "\0"
"""Stands for the blank between a number and its unit, which are one word: `1.5 KB` is as good as `00:17`."""
LONGEST = 4096
"""Characters of a message that are looked at."""
_HEX = "[0-9A-Fa-f]"
# Every repeat is bounded or cannot overlap its neighbour: no line makes this quadratic.
_VALUE = re.compile(
    rf"""
      [A-Za-z][A-Za-z0-9+.-]{{1,15}}://[^\s"'<>)\]}},]+
    | (?<![\w.@+-])[\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,8}}
    | (?<!\w){_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}(?!\w)
    | (?<!\w)0[xX]{_HEX}+(?!\w)
    | (?<![\w:.])(?=[0-9A-Fa-f:]{{0,39}}\d)(?:{_HEX}{{0,4}}:){{2,7}}{_HEX}{{0,4}}(?![\w:])
    | (?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}})?(?:/\d{{1,2}})?(?![\w.])
    | (?<![\w/.<>*-])(?:[A-Za-z]:\\|\.{{0,2}}/)[\w.$@%+~-]+(?:[\\/][\w.$@%+~=:-]*)+
    | (?<![A-Za-z_])(?=[A-Fa-f]*\d){_HEX}{{8,}}(?![A-Za-z_])
    | (?<![\w.])[-+]?\d+(?:[.,:]\d+)*
    | \d+
    """,
    re.VERBOSE,
)
_GLUED = re.compile(r"[\w.$-]*<\*>(?:[\w.%$-]*<\*>)*[\w%$]*")
_SAME = re.compile(r"<\*>(?:[:.,/+-]<\*>)+")


_UNIT = re.compile(r"(?<=\d) (?=(?:[num\u00b5]?s|secs?|mins?|hrs?|[kKMGT]?i?B|[kKMGT]?[bB]ps|[kMG]?Hz)(?![\w.-]))")


def masked(message: str) -> str:
    """`took <*> ms for <*>`: numbers, addresses, identifiers, paths and what is glued to them are one mark each."""
    text = _VALUE.sub(WILD, united(message[:LONGEST]))
    if WILD not in text:
        return text
    return _SAME.sub(WILD, _GLUED.sub(WILD, text))


def united(message: str) -> str:
    """A number and its unit as one word."""
    return _UNIT.sub(JOINT, message)
