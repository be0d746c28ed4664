"""The lines of a container's log, made anew from seed, pod and second whenever somebody reads: nothing is kept."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from warroom.gameday.attempts import Attempt
from warroom.gameday.logformats import WRITE
from warroom.gameday.plans import LogPlan
from warroom.gameday.shapes import hash_of
from warroom.gameday.templates import Template

KEPT_SECONDS = 3600
KEPT_LINES = 20_000
"""So far back a log goes: what was written before has been rotated away."""
STARTUP = 0.35
"""Scenario seconds between the lines of a start."""
APART = 1_500
"""Nanoseconds between the lines of one record: a program writes its trace at once."""
ROOM = 60_000
"""Nanoseconds at the end of a second that are left free for such lines."""
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_MIX = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1

Line = tuple[int, bytes]
"""When, in nanoseconds since 1970, and what, without the line feed."""


def nanos(at: datetime) -> int:
    return (at - _ZERO) // timedelta(microseconds=1) * 1000


def instant(at: int) -> datetime:
    return _ZERO + timedelta(microseconds=at // 1000)


@dataclass(frozen=True, slots=True)
class Voice:
    """One kind of record that a container writes. `level` says how far the figures have followed a fault, 0 to 1."""

    plan: LogPlan
    level: Callable[[datetime], float]
    key: int = field(init=False)
    say: tuple[Template, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", hash_of("/".join((self.plan.workload, self.plan.image, self.plan.level, *self.plan.say))))
        object.__setattr__(self, "say", tuple(Template(text) for text in self.plan.say))

    def rate(self, at: datetime) -> float:
        """Records in a scenario second."""
        return self.plan.rate + (self.plan.worst - self.plan.rate) * self.level(at) if self.plan.fault else self.plan.rate

    def written(self, sentence: Template, rng: random.Random, at: int, facts: Mapping[str, str]) -> list[bytes]:
        """One record in the voice's format: a line, or several where there is a trace."""
        said = sentence.fill(rng, facts)
        if self.plan.format == "plain":
            return said.split(b"\n")
        text = WRITE[self.plan.format](instant(at), self.plan.level, self.plan.source, said.decode(errors="surrogateescape"))
        return text.encode(errors="surrogateescape").split(b"\n")


class LogLines:
    """Of one container, all its runs. A second is one of the scenario, counted from the moment people arrive."""

    def __init__(self, voices: Iterable[Voice], name: str, facts: Mapping[str, str], start: datetime, speed: float, seed: int) -> None:
        told = tuple(voices)
        self._runs = tuple(voice for voice in told if voice.plan.when == "run")
        self._starts = tuple(voice for voice in told if voice.plan.when == "start")
        self._crashes = tuple(voice for voice in told if voice.plan.when == "crash")
        self._facts = facts
        self._zero = nanos(start)
        self._second = 1e9 / speed
        self._step = int(STARTUP * self._second)
        self._startup = self._step * sum(len(voice.say) for voice in self._starts)
        self._key = hash_of(f"{seed}/{name}")

    def last(self, attempt: Attempt, now: int, lines: int = KEPT_LINES) -> list[Line]:
        """The last lines until now, oldest first, as far as they are kept."""
        wanted = min(lines, KEPT_LINES)
        found = [line for line in self.last_words(attempt) if line[0] <= now][::-1]
        newest = number = self.number(min(now, nanos(attempt.ended)) if attempt.ended is not None else now)
        oldest = max(self.number(nanos(attempt.started)), newest - KEPT_SECONDS)
        while len(found) < wanted and number >= oldest:
            found += [line for line in self.second(number, attempt) if line[0] <= now][::-1]
            number -= 1
        if len(found) < wanted:
            kept = self.at(newest - KEPT_SECONDS)
            found += [line for line in self.first_words(attempt) if kept <= line[0] <= now][::-1]
        return found[:wanted][::-1]

    def first_words(self, attempt: Attempt) -> list[Line]:
        """What a container says while it starts."""
        return self._records(self._starts, nanos(attempt.started), self._step, attempt)

    def last_words(self, attempt: Attempt) -> list[Line]:
        """What a container says when its fault kills it; stamped right after its end, so that nothing comes later."""
        if attempt.ended is None or not attempt.fault:
            return []
        voices = tuple(voice for voice in self._crashes if voice.plan.fault in ("", attempt.fault))
        return self._records(voices, nanos(attempt.ended), 1_000_000, attempt)

    def second(self, number: int, attempt: Attempt) -> list[Line]:
        """What it says in one second of its work."""
        begun = nanos(attempt.started) + self._startup
        ended = nanos(attempt.ended) if attempt.ended is not None else None
        if self.at(number + 1) <= begun or (ended is not None and self.at(number) >= ended):
            return []
        return [line for line in self._spoken(number) if line[0] >= begun and (ended is None or line[0] < ended)]

    def number(self, at: int) -> int:
        """In which second a moment lies."""
        return int((at - self._zero) // self._second)

    def at(self, number: int) -> int:
        """When a second begins."""
        return self._zero + int(number * self._second)

    def _records(self, voices: tuple[Voice, ...], at: int, step: int, attempt: Attempt) -> list[Line]:
        """All sentences in the order of the scenario, one after the other."""
        made: list[Line] = []
        rng = random.Random(self._key ^ (attempt.number + 1))
        ended = nanos(attempt.ended) if attempt.ended is not None else None
        for voice, sentence in [(each, sentence) for each in voices for sentence in each.say]:
            if step == self._step and ended is not None and at >= ended:
                break
            made += [(at + n * APART, line) for n, line in enumerate(voice.written(sentence, rng, at, self._facts))]
            at += step
        return made

    def _spoken(self, number: int) -> list[Line]:
        opens, room = self.at(number), max(1.0, self._second - ROOM)
        moment = instant(opens)
        records: list[tuple[int, list[bytes]]] = []
        for voice in self._runs:
            chance = _mixed(self._key ^ voice.key, number)
            count = int(voice.rate(moment) + chance / 2**64)
            if count:
                rng = random.Random(chance)
                for _ in range(count):
                    at = opens + int(rng.random() * room)
                    sentence = voice.say[int(rng.random() * len(voice.say))]
                    records.append((at, voice.written(sentence, rng, at, self._facts)))
        records.sort(key=lambda record: record[0])
        made: list[Line] = []
        last = 0
        for at, lines in records:
            for n, line in enumerate(lines):
                last = max(last + 1, at + n * APART)
                made.append((last, line))
        return made


class Reader:
    """Reads on where it stopped. Never reads ahead of the time: what a fault will change then is not known yet."""

    def __init__(self, lines: LogLines, attempt: Attempt, after: int | None) -> None:
        """`after` is the moment until which it was read already; None reads from the start."""
        self._lines = lines
        self._number = lines.number(nanos(attempt.started) if after is None else max(after, nanos(attempt.started)))
        self._after = after if after is not None else nanos(attempt.started) - 1
        self._held = [line for line in lines.first_words(attempt) if line[0] > self._after]
        self._ended = False

    def until(self, now: int, attempt: Attempt) -> Iterator[Line]:
        while self._lines.at(self._number) <= now and not self._ended:
            yield from self._due(self._lines.at(self._number) - 1)
            self._held += [line for line in self._lines.second(self._number, attempt) if line[0] > self._after]
            self._number += 1
        if attempt.ended is not None and nanos(attempt.ended) <= now and not self._ended:
            self._ended = True
            self._held = [line for line in self._held if line[0] < nanos(attempt.ended)]
            self._held += [line for line in self._lines.last_words(attempt) if line[0] > self._after]
        yield from self._due(now)

    @property
    def due(self) -> int:
        """When there is more to read, at the earliest."""
        return self._held[0][0] if self._held else self._lines.at(self._number)

    def _due(self, now: int) -> Iterator[Line]:
        due = [line for line in self._held if line[0] <= now]
        self._held = self._held[len(due) :]
        yield from due


def _mixed(key: int, number: int) -> int:
    """64 bits of chance (splitmix64): the same in every process, and cheap enough to ask about every second of an hour."""
    value = (key + number * _MIX) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
