"""The shell of the room's incident: on its cluster and in its namespaces, whatever the kubeconfig says by now."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from warroom.cli.cluster import most_named
from warroom.core.ports import Clock
from warroom.core.readings import Cluster, World
from warroom.room import Room
from warroom.settings import Settings

if TYPE_CHECKING:
    from warroom.runbook.verbs import Verbs
    from warroom.runner.pin import PinnedShell, Target
    from warroom.runner.steps import StepRunner
    from warroom.runner.trust import Trust


def pinned_shell(settings: Settings, room: Room) -> "PinnedShell":
    from warroom.runner.pin import PinnedShell

    def hosts() -> frozenset[str]:
        from warroom.runbook.classes import hosts_of

        return hosts_of(room.text.text)

    @cache
    def verbs() -> "Verbs":
        from warroom.library import LibraryTrouble, load_verbs
        from warroom.runner.shell import NotRun

        try:
            return load_verbs(settings.home / "verbs.toml", optional=True)
        except LibraryTrouble as trouble:
            raise NotRun(str(trouble)) from trouble

    return PinnedShell(Settling(settings, room), hosts=hosts, outputs=settings.home / "outputs", verbs=verbs)


def step_runner(
    settings: Settings, room: Room, clock: Clock, world: Callable[[], World] = World, *, looks: bool = False, follows: bool = True
) -> "StepRunner":
    """Whoever makes it closes it."""
    from warroom.runner.alive import Alive
    from warroom.runner.steps import StepRunner

    journal = settings.journal_path
    alive = Alive(journal.with_name(f"{journal.name}.runs"))
    return StepRunner(room, pinned_shell(settings, room), clock, alive, trust(settings), world, looks=looks, follows=follows)


def trust(settings: Settings) -> "Trust":
    from warroom.library import default_runbook
    from warroom.runner.trust import Trust

    return Trust(settings.home / "trusted", lambda: default_runbook()[0])


class Settling:
    """Reads the kubeconfig for each command. Without an incident the cluster of the first command is the pin."""

    def __init__(self, settings: Settings, room: Room) -> None:
        self._settings, self._room = settings, room
        self._first: Cluster | None = None

    def __call__(self) -> "Target":
        from warroom.feeds.access import open_access
        from warroom.feeds.trouble import Trouble
        from warroom.runner.pin import Target
        from warroom.runner.shell import NotRun

        wanted = self._settings
        try:
            _, settled = open_access(
                wanted.kubeconfig,
                wanted.context or None,
                wanted.namespace,
                wanted.selector,
                self._room.incident.cluster or self._first,
                most_named(self._room.text.text),
            )
        except Trouble as trouble:
            raise NotRun("; ".join(trouble.lines) or trouble.word) from trouble
        self._first = self._first or settled.cluster
        return Target(settled.cluster, settled.cluster_section, settled.user_section)
