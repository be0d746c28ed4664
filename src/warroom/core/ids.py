"""Names for incidents and entries: time-ordered, unique everywhere, short enough to say."""

from collections.abc import Iterator
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o or u to mistake."""


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def entry_ids(now: datetime, noise: int) -> Iterator[str]:
    """Ids for one append, in order: 48 bits of milliseconds, 80 of noise (the layout of a ULID), the noise counting on."""
    millis = int(now.timestamp() * 1000)
    while True:
        yield _base32(millis, 10) + _base32(noise % (1 << 80), 16)
        noise += 1


def incident_id(now: datetime, noise: int) -> str:
    """`inc-261124-k7q2m`: the day, and 25 bits of noise."""
    return f"inc-{now:%y%m%d}-{_base32(noise % (1 << 25), 5)}"
