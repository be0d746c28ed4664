"""Figures in words: `14.2 %`, `1,890 ms`, `6.1x`, `48/s`."""

from collections.abc import Iterable

NAMES = {
    "errors": "error rate",
    "requests": "traffic",
    "p50": "P50",
    "p95": "P95",
    "p99": "P99",
    "saturation": "saturation",
    "connections": "connections",
    "cpu": "CPU",
    "memory": "memory",
    "disk": "disk",
}
"""How a series is called in a sentence."""
RATIO, SECONDS, PER_SECOND = "ratio", "s", "1/s"
UNITS = {"errors": RATIO, "requests": PER_SECOND, "p50": SECONDS, "p95": SECONDS, "p99": SECONDS, "saturation": RATIO}


def spelled(value: float, unit: str) -> str:
    """A figure with its unit: ratios as per cent, times below ten seconds in milliseconds."""
    match unit:
        case "ratio":
            return f"{_short(value * 100)} %"
        case "s":
            return f"{value:,.1f} s" if value >= 10 else f"{value * 1000:,.0f} ms"
        case "1/s":
            return f"{_short(value)}/s"
        case "x":
            return f"{_short(value)}x"
    return f"{_short(value)} {unit}".rstrip()


def _short(value: float) -> str:
    """Three figures that say something, and no zeros that say nothing."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told(values: Iterable[tuple[str, float | None]]) -> str:
    """Several figures in a line; the pods by how many of how many are ready, and what is not known by that word."""
    known = dict(values)
    parts = [
        f"{NAMES.get(id, id)} {'unknown' if value is None else spelled(value, UNITS.get(id, ''))}"
        for id, value in known.items()
        if id not in ("ready", "wanted")
    ]
    ready, wanted = known.get("ready"), known.get("wanted")
    if ready is not None and wanted is not None:
        parts.append(f"{ready:g} of {wanted:g} ready")
    return ", ".join(parts)


def lasting(seconds: float) -> str:
    """A length of time, rounded down: `40 s`, `5 min`, `1 h 5 min`."""
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if not minutes:
        return f"{int(seconds)} s"
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
