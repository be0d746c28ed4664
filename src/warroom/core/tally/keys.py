"""What two lines have in common if they differ in numbers only, told at the speed of memory."""

import re

_CLASS = bytes(ord("h") if chr(code) in "0123456789abcdefABCDEF" else ord(".") if code == ord("h") else code for code in range(256))
_RUN = re.compile(rb"hhhhhhhh(?:-hhhh-hhhh-hhhh-hhhhhhhhhhhh|h*)")
_POINTER = re.compile(rb"0x[0-9a-fA-F]+")
_DIGITS = b"0123456789\x00\r"
LONG = 512


def rough(text: bytes) -> list[bytes]:
    """One per line: without digits, NUL and CR. It is the line's key unless letters of a hexadecimal number are left in it."""
    return text.translate(None, _DIGITS).split(b"\n")


def keys(text: bytes) -> list[bytes]:
    """One per line: without numbers, pointers, long hexadecimal runs, NUL and CR."""
    if b"0x" in text:
        text = _POINTER.sub(b"", text)
    parts, at = [], 0
    for run in _RUN.finditer(text.translate(_CLASS)):
        start, end = run.span()
        parts.append(text[at:start])
        at = end
    parts.append(text[at:])
    return rough(b"".join(parts))
