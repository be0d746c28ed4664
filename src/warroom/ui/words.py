"""Times and numbers as the console spells them."""

from datetime import UTC, datetime

from warroom.ui.look import g

MINUTE, HOUR, DAY = 60, 3600, 86400


def minus() -> str:
    return "−" if g["dot"] == "·" else "-"


def figures(seconds: float) -> str:
    """A running clock: `16:06`, `1:02:05`, `−02:18`."""
    whole = int(seconds // 1)
    sign, whole = (minus(), -whole) if whole < 0 else ("", whole)
    hours, rest = divmod(whole, HOUR)
    return sign + (f"{hours}:" if hours else "") + f"{rest // MINUTE:02}:{rest % MINUTE:02}"


def age(seconds: float | None) -> str:
    """Narrow, for a column: `41s`, `21m`, `3h`, `6d`."""
    if seconds is None:
        return "?"
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{max(0, int(seconds))}s"


def lasted(seconds: float) -> str:
    """In a sentence: `40 s`, `2 min`, `3 h`, `6 d`."""
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def since(then: datetime | None, now: datetime | None) -> float | None:
    """Seconds, or None when a side is unknown."""
    return None if then is None or now is None else (now - then).total_seconds()


def utc(at: datetime | None, seconds: bool = True) -> str:
    if at is None:
        return "--:--:--" if seconds else "--:--"
    return at.astimezone(UTC).strftime("%H:%M:%S" if seconds else "%H:%M")


def number(value: float) -> str:
    """`1,284`; a negative one with the real minus."""
    return f"{value:,}".replace("-", minus())
