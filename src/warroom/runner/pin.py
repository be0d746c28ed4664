"""A shell whose commands reach the pinned cluster and namespace alone; by itself it runs nothing but reads."""

import asyncio
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from warroom.core.readings import Cluster
from warroom.runner.asking import Asking
from warroom.runner.shell import NotRun, Plan, Running, Said, bash, ignored, private_folder
from warroom.runner.surroundings import HOW_TO_GET, environment, find_kubectl

if TYPE_CHECKING:
    from warroom.runbook.classes import Judgement
    from warroom.runbook.verbs import Verbs

READ_LIMIT = 20.0
"""Seconds that a command which only reads may take."""
Section = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """The pinned cluster, and how one speaks with it: sections as a kubeconfig has them, their paths absolute."""

    cluster: Cluster
    cluster_section: Section
    user_section: Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command that somebody has judged and said yes to."""

    runs: str
    """What bash gets."""
    shown: str
    """The same with its values written out: this is what is held against the pin."""
    variables: Mapping[str, str] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    limit: float | None = READ_LIMIT
    record: Path | None = None
    terminal: bool = False
    secret: bool = False
    """What it prints is nowhere kept."""


class PinnedShell:
    """Each command is held against the pin anew: `target` reads the files, and raises NotRun when they say something else now."""

    def __init__(
        self,
        target: Callable[[], Target],
        *,
        hosts: Callable[[], Collection[str]] = tuple,
        ours: Mapping[str, str] | None = None,
        outputs: Path | None = None,
        limit: float = READ_LIMIT,
        verbs: "Callable[[], Verbs | None]" = lambda: None,
    ) -> None:
        """`hosts`: those that the runbook or the settings name; `outputs`: the folder for what is too long to be kept.

        `verbs`: the user's own table of what programs do; None: the shipped one.
        """
        self._verbs = verbs
        self._target, self._hosts, self._outputs, self._limit = target, hosts, outputs, limit
        self._ours = os.environ if ours is None else ours

    def judge(self, command: str, *, terminal: bool = False) -> "Judgement":
        """What it would do, as it would run. What can tell is loaded when it is asked: a start must not wait for it."""
        from warroom.runbook.classes import Judgement, classify
        from warroom.runbook.untty import without_terminal

        try:
            verbs = self._verbs()
        except NotRun as why:  # what the user's table says is not known, and it may say worse
            return Judgement("unknown", str(why))
        return classify(command if terminal else without_terminal(command), self._hosts(), verbs)

    def start(self, command: str, said: Said = ignored) -> Running:
        return Running(command, lambda: asyncio.to_thread(self._planned, command), self._limit, self._outputs, said)

    def _planned(self, command: str) -> Plan:
        """What really runs is what is judged."""
        from warroom.runbook.untty import without_terminal

        runs = without_terminal(command)
        try:
            return self._prepared(runs)
        except NotRun as why:
            raise NotRun(str(why), runs) from None

    def _prepared(self, runs: str) -> Plan:
        from warroom.runbook.fences import placeholders

        judged = self.judge(runs)
        if judged.kind != "read":
            raise NotRun(f"only commands that read are run here, and {judged.why}")
        if judged.interactive:
            raise NotRun("it waits for somebody at a terminal: run it in another one")
        if blanks := [place.spelling[0] for place in placeholders(runs)]:
            raise NotRun(f"{', '.join(blanks)} {'is' if len(blanks) == 1 else 'are'} to be filled in: it is not run")
        target, kubectl = self._reached(runs, {})
        return self._laid_out(Plan(runs, {}, private_folder()), target, kubectl, {})

    def begin(self, order: Order, said: Said = ignored) -> Running:
        """Runs what was judged and allowed elsewhere; the pin holds all the same."""
        outputs = None if order.secret else self._outputs
        return Running(order.shown, lambda: asyncio.to_thread(self._ordered, order), order.limit, outputs, said)

    def refusal(self, shown: str, known: Collection[str] = ()) -> str:
        """Why the pin would not let it run now, or empty."""
        try:
            self._reached(shown, dict.fromkeys(known, ""))
        except NotRun as why:
            return str(why)
        return ""

    def asking(self) -> Asking:
        """Questions to the pinned cluster. Raises NotRun."""
        kubectl = find_kubectl(self._ours.get("PATH", ""))
        if kubectl is None:
            raise NotRun(f"kubectl is not on this machine: {HOW_TO_GET}")
        target = self._target()
        plan = self._laid_out(Plan("", {}, private_folder()), target, kubectl, {})
        return Asking(kubectl, plan.environment, plan.folder, target.cluster)

    def unset(self, shown: str, known: Collection[str]) -> list[str]:
        """Variables that it uses and that nothing sets."""
        from warroom.core.reach import unset_variables

        return unset_variables(shown, {*known, *environment(self._ours, Path(), Path())})

    def _ordered(self, order: Order) -> Plan:
        try:
            target, kubectl = self._reached(order.shown, order.variables)
        except NotRun as why:
            raise NotRun(str(why), order.shown) from None
        plan = Plan(order.runs, {}, private_folder(), shown=order.shown, keeps=order.keeps, record=order.record, terminal=order.terminal)
        return self._laid_out(plan, target, kubectl, order.variables)

    def _reached(self, runs: str, variables: Mapping[str, str]) -> tuple[Target | None, Path | None]:
        """The cluster that it speaks to, if it speaks to one. Raises NotRun."""
        from warroom.core.reach import reach

        if bash() is None:
            raise NotRun("there is no bash on this machine: install it")
        known = {*environment(self._ours, Path(), Path()), *variables}
        target = self._target() if reach(runs, (), known).speaks else None
        reached = reach(runs, target.cluster.namespaces if target else (), known)
        if reached.refusal:
            raise NotRun(f"{reached.refusal}: it is not run")
        kubectl = find_kubectl(self._ours.get("PATH", ""))
        if "kubectl" in reached.speaks and kubectl is None:
            raise NotRun(f"kubectl is not on this machine: {HOW_TO_GET}")
        return target, kubectl

    def _laid_out(self, plan: Plan, target: Target | None, kubectl: Path | None, variables: Mapping[str, str]) -> Plan:
        place = Path(plan.folder.name)
        programs, secret = place / "bin", place / "kubeconfig"
        programs.mkdir()
        if kubectl is not None:
            (programs / "kubectl").symlink_to(kubectl)
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(kubeconfig(target) if target else b"{}")
        found = {**variables, **environment(self._ours, secret, programs)}
        if plan.terminal:
            found = {name: value for name, value in found.items() if name not in ("NO_COLOR", "PAGER")}
            found["TERM"] = self._ours.get("TERM", "xterm")
        return replace(plan, environment=found, secret=secret)


def kubeconfig(target: Target) -> bytes:
    """With the pinned cluster, its user and its first namespace, and nothing else. JSON is YAML, too."""
    name = target.cluster.context
    context = {"cluster": name, "user": name, "namespace": target.cluster.namespaces[0]}
    return msgspec.json.encode(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [{"name": name, "cluster": target.cluster_section}],
            "users": [{"name": name, "user": target.user_section}],
            "contexts": [{"name": name, "context": context}],
        }
    )
