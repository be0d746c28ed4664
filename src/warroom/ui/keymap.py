"""Keys of one's own: which binding gets which key, and what that takes away."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from textual.binding import Binding
from textual.dom import DOMNode

from warroom.ui.keys import EVERYWHERE, contexts, spelled


def troubles(keys: Mapping[str, str]) -> tuple[str, ...]:
    """What does not work as it is written, a sentence each. Loads every screen, so ask in a thread."""
    kinds = [(kind, list(bindings)) for kind, bindings in contexts()]
    known = {binding.id for _, bindings in kinds for binding in bindings if binding.id}
    return (*_unknown(keys, known), *dict.fromkeys(_clashes(keys, kinds)))


def _unknown(keys: Mapping[str, str], known: set[str]) -> Iterator[str]:
    for id in keys:
        if id not in known:
            near = get_close_matches(id, sorted(known), 1, 0.6)
            yield f"there is no {id}{f', but {near[0]}' if near else ''}: docs/keys.md has every id"


def _clashes(keys: Mapping[str, str], kinds: list[tuple[type[DOMNode], list[Binding]]]) -> Iterator[str]:
    """Two bindings of one place, or of a place and of everywhere, with one key."""
    everywhere = list(Binding.make_bindings(EVERYWHERE))
    for _, bindings in kinds:
        owners = dict[str, Binding]()
        own = {binding.id for binding in bindings}
        for binding in (*bindings, *(one for one in everywhere if one.id not in own)):
            for key in _keys(binding, keys):
                other = owners.setdefault(key, binding)
                if other.id != binding.id and (other.id in keys or binding.id in keys):
                    both = " and ".join(f"{one.description} ({one.id})" for one in (other, binding))
                    yield f"{spelled(key)} is both {both}: give one another key"


def _keys(binding: Binding, keys: Mapping[str, str]) -> list[str]:
    given = keys.get(binding.id or "", "")
    return [one.key for one in Binding.make_bindings([Binding(given, "x")])] if given else [binding.key]
