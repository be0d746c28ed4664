"""What a program in a container printed, and how it ended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ran:
    out: bytes = b""
    err: bytes = b""
    code: int = 0
