"""The pods: what runs, what fails, and how old that knowledge is."""

from collections.abc import Mapping, Sequence

from warroom.core.readings import Pod
from warroom.ui.cells import Line, middle
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import TablePane
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, number, since


def failing(pod: Pod) -> bool:
    return pod.phase not in ("Succeeded", "Running", "Pending") or any(
        c.state not in ("Running", "Completed", "ContainerCreating", "PodInitializing") for c in pod.containers
    )


def done(pod: Pod) -> bool:
    return pod.phase == "Succeeded"


def ready(pod: Pod) -> bool:
    own = [c for c in pod.containers if not c.init]
    return bool(own) and all(c.ready for c in own)


def state_words(pod: Pod) -> str:
    unwell = next((c.state for c in pod.containers if c.state not in ("Running", "Completed")), "")
    return "Terminating" if pod.deleting else unwell or pod.reason or ("Completed" if done(pod) else pod.phase)


def restarts(pod: Pod) -> int:
    return sum(c.restarts for c in pod.containers)


class PodsPane(TablePane[Pod]):
    """Follows `world.pods`; the cursor stays on its pod, whatever comes and goes around it."""

    label, digit, field = "pods", "2", "pods"

    def columns(self, width: int) -> Sequence[Column[Pod]]:
        roomy = width > 70
        return (
            Column("pod", 0, least=30 if width >= 90 else 20, by=lambda pod: pod.name),
            Column("ready", 5, ">"),
            Column("state", 18, by=state_words),
            Column("restarts", 8 if roomy else 4, ">", title=None if roomy else "rst", by=lambda pod: -restarts(pod)),
            Column("age", 4, ">", drop=2, by=lambda pod: pod.created.timestamp() if pod.created else 0.0),
            Column("node", 13, drop=1, by=lambda pod: pod.node),
        )

    def cells(self, row: Pod) -> Mapping[str, Cell]:
        bad, own = failing(row), [c for c in row.containers if not c.init]
        glyph, style = (g["bad"], "$bad bold") if bad else (g["good"], "$soft") if done(row) else (g["live"], "$good")
        return {
            "pod": lambda size: [(middle(foreign(row.name), size), "$loud bold" if bad else "$ink")],
            "ready": (f"{sum(c.ready for c in own)}/{len(own)}", "$bad bold" if bad else "$ink"),
            "state": [(f"{glyph} ", style), (foreign(state_words(row)), style if bad else "$soft")],
            "restarts": (number(restarts(row)) if restarts(row) else g["na"], "$loud bold" if restarts(row) > 2 else "$soft"),
            "age": (age(since(row.created, self.now)), "$soft"),
            "node": (foreign(row.node), "$soft"),
        }

    def rows(self) -> Sequence[tuple[str, Pod]]:
        pods = self.world.pods.value
        return [(pod.key, pod) for pod in sorted(pods, key=lambda pod: (not failing(pod), ready(pod) or done(pod), pod.name))]

    def facts(self) -> Sequence[Line]:
        pods = self.world.pods.value
        bad = sum(map(failing, pods))
        count: Line = [(number(len(pods)), "$soft")] if pods else ()
        return (count, [(f"{g['bad']} {bad} failing", "$bad bold")] if bad else [("all ready", "$soft")] if pods else ())

    def news(self) -> Line:
        bad = sum(map(failing, self.world.pods.value))
        return [(f"{g['bad']}{bad}", "$bad bold")] if bad else ()

    def empty_words(self) -> Sequence[Line]:
        return [[("no pods in this namespace", "$ink")]]
