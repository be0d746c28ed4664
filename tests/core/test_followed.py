"""Which logs are followed: those with something to say, the unwell first when there are too many."""

from datetime import UTC, datetime, timedelta

import pytest

from warroom.core.followed import candidates, chosen, speaks
from warroom.core.readings import Container, Pod

T0 = datetime(2026, 2, 3, 2, 50, tzinfo=UTC)


def container(name: str = "server", state: str = "Running", **more: int) -> Container:
    given = {"ready": True, "restarts": 0, **more}
    return Container(name=name, image="", state=state, **given)  # type: ignore[arg-type]


def pod(name: str, *containers: Container, phase: str = "Running", age: int = 60) -> Pod:
    return Pod(
        key=f"shop/{name}",
        namespace="shop",
        name=name,
        uid=f"uid-{name}",
        created=T0 - timedelta(minutes=age),
        phase=phase,
        node="n",
        owner="",
        template_hash="",
        containers=containers or (container(),),
    )


@pytest.mark.parametrize(
    ("one", "phase", "says"),
    [
        (container(), "Running", True),
        (container(state="ContainerCreating"), "Pending", False),
        (container(state="CrashLoopBackOff", restarts=2), "Running", True),
        (container(state="Error", exit_code=1), "Running", True),
        (container(state="Completed", exit_code=0), "Running", True),
        (container(state="Completed", exit_code=0), "Succeeded", False),
        (container(state="Completed", exit_code=0, init=True), "Running", False),
        (container(state="Error", exit_code=1, init=True), "Pending", True),
    ],
)
def test_who_has_something_to_say(one: Container, phase: str, says: bool) -> None:
    assert speaks(pod("a", one, phase=phase), one) is says


def test_too_many_logs_leave_out_the_well_and_old_but_never_a_followed_one() -> None:
    old, young = pod("old", age=100), pod("young", age=1)
    ill = pod("ill", container(state="CrashLoopBackOff", ready=False, restarts=3), container("sidecar"))
    those = list(candidates([old, young, ill]))
    assert [(each.pod.name, each.name) for each in chosen(those, 3, [])] == [("ill", "server"), ("ill", "sidecar"), ("young", "server")]
    assert [each.pod.name for each in chosen(those, 1, [("uid-old", "server")])] == ["old"]
    assert [each.pod.name for each in chosen(those, 2, [("uid-old", "server")])] == ["old", "ill"]
    assert len(chosen(those, 99, [])) == 4
