"""Whose logs a runbook reads: the label selectors of its own `kubectl logs` commands."""

from collections.abc import Iterator

from warroom.runbook.commands import listed
from warroom.runbook.model import Runbook
from warroom.runbook.shell import Call, read_script


def log_selectors(text: str, runbook: Runbook) -> tuple[str, ...]:
    """Each once, in the order of the document. One with a placeholder in it is left out: nobody knows what it means."""
    commands = (each.command for each in listed(text, runbook) if "logs" in each.command)
    return tuple(dict.fromkeys(found for command in commands for call in read_script(command).calls for found in _selectors(call)))


def _selectors(call: Call) -> Iterator[str]:
    words = call.words
    names = [word.text for word in words]
    if not names or names[0].rsplit("/", 1)[-1] not in ("kubectl", "oc") or "logs" not in names:
        return
    for place, word in enumerate(words):
        value = word
        if word.text in ("-l", "--selector"):
            if place + 1 == len(words):
                return
            value, text = words[place + 1], words[place + 1].text
        elif word.text.startswith("--selector="):
            text = word.text.removeprefix("--selector=")
        elif word.text.startswith("-l") and not word.text.startswith("--"):
            text = word.text[2:].removeprefix("=")
        else:
            continue
        if text and not value.open and "wrfield" not in text:
            yield text
