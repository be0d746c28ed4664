"""Text with placeholders that chance fills: `job={hex:6} took {int:1:900} ms from {ip}`."""

import random
import re
from collections.abc import Callable, Mapping

Fill = Callable[[random.Random, Mapping[str, str]], bytes]

_PLACE = re.compile(r"\{([a-z]+)((?::[^{}:]*)*)\}")
_AS_LETTERS = bytes.maketrans(b"0123456789abcdef", b"aeioutnrslcdmpkg")
_BYTES = 1024 * 1024
FACTS = frozenset({"pod", "image", "revision", "hash"})
"""What is known of the pod that speaks."""


class Template:
    """Compiled once, filled often; equal chance gives equal text. Raises ValueError for a placeholder that it does not know."""

    __slots__ = ("_parts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts: list[bytes | Fill] = []
        end = 0
        for found in _PLACE.finditer(text):
            self._parts += [text[end : found.start()].encode(), _fill(found[1], found[2].split(":")[1:], found[0])]
            end = found.end()
        self._parts.append(text[end:].encode())

    def fill(self, rng: random.Random, facts: Mapping[str, str]) -> bytes:
        return b"".join(part if isinstance(part, bytes) else part(rng, facts) for part in self._parts)


def _fill(kind: str, given: list[str], whole: str) -> Fill:
    match kind, given:
        case _ if kind in FACTS and not given:
            return lambda rng, facts: facts.get(kind, "").encode()
        case "int", [low, high] if _whole(low, high) and int(low) <= int(high):
            least, many = int(low), int(high) - int(low) + 1
            return lambda rng, facts: b"%d" % (least + int(rng.random() * many))
        case "hex", [digits] if _whole(digits) and 0 < int(digits) <= 64:
            width, bits = int(digits), 4 * int(digits)
            return lambda rng, facts: b"%0*x" % (width, rng.getrandbits(bits))
        case "pick", [choices]:
            words = [word.encode() for word in choices.split("|")]
            return lambda rng, facts: words[int(rng.random() * len(words))]
        case "words", [count] if _whole(count) and int(count) <= 100:
            many = int(count)
            return lambda rng, facts: b" ".join(_word(rng) for _ in range(many))
        case "ip", []:
            return lambda rng, facts: b"10.0.%d.%d" % (1 + int(rng.random() * 3), 4 + int(rng.random() * 250))
        case "uuid", []:
            return lambda rng, facts: _uuid(rng)
        case "bytes", [digits] if re.fullmatch(r"([0-9a-f]{2})+", digits):
            raw = bytes.fromhex(digits)
            return lambda rng, facts: raw
        case "fill", [count] if _whole(count) and int(count) <= _BYTES:
            run = b"x" * int(count)
            return lambda rng, facts: run
    raise ValueError(f"{whole} is no placeholder; write {{int:1:900}}, {{hex:6}}, {{pick:a|b}}, {{words:3}}, {{ip}}, {{uuid}} or {{pod}}")


def _whole(*given: str) -> bool:
    return all(text.isdigit() and len(text) <= 12 for text in given)


def _word(rng: random.Random) -> bytes:
    return (b"%x" % rng.getrandbits(32)).translate(_AS_LETTERS)


def _uuid(rng: random.Random) -> bytes:
    digits = b"%032x" % rng.getrandbits(128)
    return b"-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
