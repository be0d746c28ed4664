"""The words of a call told apart: flags with their values, objects, and what follows `--`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from warroom.runbook.shell import Word
from warroom.runbook.verbs import Program


@dataclass(slots=True)
class Scan:
    flags: list[tuple[str, Word | None]] = field(default_factory=list)
    objects: list[Word] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Where each object stands."""
    after: list[Word] | None = None
    """What follows `--`."""
    odd: str = ""
    """A flag of which it is not known whether it takes a value."""
    free: bool = False
    """A word that may become a flag when it runs."""


def scan(program: Program, words: Sequence[Word], *, odd_takes_value: bool = False, until: int | None = None) -> Scan:
    """`odd_takes_value`: a flag that is not listed takes the next word. Ends after `until` objects."""
    found = Scan()
    at = 0
    if program.dashless and words and not words[0].text.startswith("-"):
        at = 1
        _flag(program, found, replace(words[0], text=f"-{words[0].text}"), odd_takes_value=False)
    while at < len(words):
        word = words[at]
        text = word.text
        at += 1
        if until is not None and len(found.objects) >= until:
            break
        if text == "--" and not word.open:
            found.after = list(words[at:])
            break
        if word.leads:
            found.free = True
        number = text[1:2].isdigit() and text not in (*program.valued, *program.plain)
        if word.leads or number or text == "-" or not text.startswith("-"):
            found.objects.append(word)
            found.places.append(at - 1)
            continue
        name, equals, value = text.partition("=")
        if equals and (text.startswith("--") or program.long):
            found.flags.append((name, replace(word, text=value)))
            continue
        taken = _flag(program, found, word, odd_takes_value=odd_takes_value)
        if taken and at < len(words):
            found.flags[-1] = (found.flags[-1][0], words[at])
            at += 1
    return found


def _flag(program: Program, scan: Scan, word: Word, *, odd_takes_value: bool) -> bool:
    """Writes it down; True: it takes the next word."""
    text = word.text
    if text.startswith("--") or program.long or text in program.valued or text in program.plain:
        scan.flags.append((text, None))
        if text in program.valued:
            return True
        if text in (*program.plain, *program.raises, *program.harmless, *program.lists):
            return False
        scan.odd = scan.odd or text
        return odd_takes_value
    for place, letter in enumerate(text[1:], 1):
        flag = f"-{letter}"
        rest = text[place + 1 :]
        if flag in program.valued:
            scan.flags.append((flag, replace(word, text=rest) if rest else None))
            return not rest
        scan.flags.append((flag, None))
        if flag not in (*program.plain, *program.raises, *program.harmless, *program.lists):
            scan.odd = scan.odd or text
    return odd_takes_value and scan.odd == text


def letters(text: str) -> set[str]:
    """The flags that a word may be: itself, or each letter of it."""
    return {text, text.partition("=")[0], *(f"-{letter}" for letter in text[1:] if not text.startswith("--"))}


def is_flag(flag: str, listed: Collection[str]) -> bool:
    return flag in listed
