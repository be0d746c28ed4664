"""What was given on the command line, and the settings that come of it; the console starts with this alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from warroom.settings import NAMES, Settings, read_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """As given: what was not given is None or empty, and comes from the settings."""

    journal: str | None = None
    incident: str | None = None
    runbook: tuple[str, ...] = ()
    user: str | None = None
    kubeconfig: str | None = None
    context: str | None = None
    namespace: tuple[str, ...] = ()
    selector: str | None = None
    prometheus: str | None = None
    theme: str | None = None
    ascii: bool | None = None
    mouse: bool | None = None
    json: bool = False
    settings: Settings = field(repr=False)

    @classmethod
    def read(cls, *layers: Mapping[str, Any]) -> Self:
        """The nearer layer wins: `warroom --journal A note --journal B` writes to B."""
        known = {one.name for one in fields(cls)} - {"settings"}
        given: dict[str, Any] = {}
        for layer in layers:
            for name, value in layer.items():
                if name in known and value not in (None, [], (), False):
                    given[name] = tuple(value) if isinstance(value, list) else value
        if given.get("mouse") is not None:
            given["mouse"] = False
        wanted = {name: value for name, value in given.items() if name in NAMES}
        if "journal" in wanted:
            wanted["journal"] = Path(wanted["journal"]).expanduser()
        if "runbook" in wanted:
            wanted["runbook"] = tuple(Path(each).expanduser() for each in wanted["runbook"])
        return cls(**given, settings=read_settings(wanted, Path.cwd()))
