"""The layout that a terminal of some size gets."""

SIZES = ((220, "-ultra"), (150, "-wide"), (100, "-medium"), (0, "-narrow"))
LOW = 30
"""Below this many rows any width is laid out as a narrow one."""


def size_class(width: int, height: int) -> str:
    return "-narrow" if height < LOW else next(name for least, name in SIZES if width >= least)
