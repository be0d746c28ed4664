"""What is pinned of things of the cluster."""

import pytest

from hand import T0
from warroom.core.acts.evidence import Pin, pin_of_output
from warroom.core.changes import Change
from warroom.core.checks import Check
from warroom.core.evidence import Subject, pin_of
from warroom.core.output import Output
from warroom.core.readings import ClusterEvent, Container, Health, Pattern, Pod, Series

POD = Pod(
    key="shop/web-1",
    namespace="shop",
    name="web-1",
    uid="u",
    created=T0,
    phase="Running",
    node="node-1",
    owner="ReplicaSet/web",
    template_hash="h",
    containers=(
        Container(
            name="server",
            image="web:2",
            ready=False,
            restarts=4,
            state="CrashLoopBackOff",
            last_reason="Error",
            last_exit=1,
            last_started=T0,
            last_finished=T0,
            message="back-off 40s",
        ),
    ),
)
SUBJECTS: list[tuple[Subject, str, str, str]] = [
    (POD, "pod", "web-1", "CrashLoopBackOff, 0/1 ready, server ended with exit 1 again and again, 4 restarts"),
    (
        ClusterEvent(
            key="e", namespace="shop", warning=True, reason="BackOff", kind="Pod", object="web-1", message="again", count=7, at=T0
        ),
        "event",
        "Pod/web-1",
        "BackOff, 7 times: again",
    ),
    (
        Change("c", T0, "rollout", "shop", "web", "1 → 2, revision 2", "deploy", 2, recent=True, current=True),
        "change",
        "web",
        "rollout 1 → 2, revision 2, at 2026-02-03 02:52:18 UTC",
    ),
    (Pattern("a41e", "KeyError <*>", 1284, example="KeyError 'x'\n  at y"), "pattern", "a41e", "1,284 times, KeyError <*>"),
    (Series("errors", "error rate", "ratio", 0.142, at=T0, baseline=0.001), "metric", "errors", "error rate 14.2 %, normal 0.1 %"),
    (Series("p95", "P95", "s", None, "no traffic"), "metric", "p95", "P95 no traffic"),
    (Check("k", "/health", False, (Health("shop/web-1", "/health", 503, 0.012, T0),)), "health", "/health", "0 of 1 well, 503"),
]


@pytest.mark.parametrize(("subject", "what", "name", "line"), SUBJECTS, ids=lambda value: value if isinstance(value, str) else "")
def test_the_first_line_tells(subject: Subject, what: str, name: str, line: str) -> None:
    pin = pin_of(subject, T0)
    assert (pin.what, pin.name, pin.at, pin.text.splitlines()[0]) == (what, name, T0, line)


def test_the_rest_has_what_was_known() -> None:
    assert pin_of(POD).text.splitlines()[1:] == [
        "namespace shop, node node-1, owner ReplicaSet/web, created 2026-02-03 02:52:18 UTC",
        "container server: CrashLoopBackOff, image web:2, 4 restarts",
        "  last: Error, exit 1, 2026-02-03 02:52:18 UTC to 2026-02-03 02:52:18 UTC",
        "  back-off 40s",
    ]
    assert pin_of(SUBJECTS[3][0]).text.endswith("KeyError 'x'\n  at y")


def test_an_output_says_first_how_it_ended() -> None:
    output = Output(command="kubectl get pods", ok=True, exit_code=0, seconds=0.31, text="NAME\n", truncated=True)
    assert pin_of_output("Pods", output) == Pin(
        "output", "Pods", "1 line, exit 0 after 0.3 s, only its beginning is kept\n$ kubectl get pods\nNAME\n"
    )
    late = Output(command="sleep 99", ended="too long", exit_code=130, seconds=20, trouble="it was stopped after 20 s")
    assert pin_of_output("", late).text.startswith("printed nothing, it was stopped after 20 s\n")
