"""What the measurements say to a step's condition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hand import T0
from ui.console import PODS, deployment, good, pod
from warroom.core.conditions import advice
from warroom.core.readings import Deployment, Pattern, Reading, Series, Tally, World
from warroom.runbook.model import Command, Step

START = T0 - timedelta(minutes=16)
DEPLOYED = (deployment(),)


def step(condition: str | None, command: str = "") -> Step:
    commands = (Command(command=command, line=2, block_line=1),) if command else ()
    return Step(title="step", line=1, condition=condition, commands=commands)


def world(deployments: Sequence[Deployment] = DEPLOYED, **more: Reading[Any]) -> World:
    return World(pods=good(PODS), deployments=good(tuple(deployments)), **more)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("If recent deployment", "yes"),
        ("If not deployment", "no"),
        ("if the release is new", "yes"),
        ("if identified", "yes"),
        ("if no pod crashes", "no"),
        ("If connection exhaustion", "unknown"),
        ("if Mercury is in retrograde", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_condition_is_answered_by_what_is_measured(condition: str | None, answer: str) -> None:
    assert advice(step(condition), world(), START).answer == answer


def test_a_release_long_before_the_start_is_not_recent() -> None:
    found = advice(step("If recent deployment"), world(), T0 + timedelta(hours=9))
    assert (found.answer, found.why) == ("no", "revision 42 of tensafe-server rolled out at 02:31:18, 9 h 21 min before the start")


def test_a_release_is_told_with_its_age_its_pods_and_its_share_of_the_errors() -> None:
    bad = replace_hash(pod("tensafe-server-0-a", "CrashLoopBackOff", 7), "0")
    well = replace_hash(pod("tensafe-server-1-b"), "1")
    tally = Tally(patterns=(Pattern(id="a", text="KeyError", count=10, revisions=(("0", 9), ("1", 1))),))
    found = advice(step("If recent deployment"), replace(world(), pods=good((bad, well)), tally=good(tally)), START)
    assert found.why == "revision 42 of tensafe-server rolled out at 02:31:18, 5 min 0 s before the start"
    assert [(one.number, one.images, one.ready, one.pods, one.new, one.errors) for one in found.releases] == [
        (42, "server:2.8.1", 0, 1, True, 0.9),
        (41, "server:2.8.0", 1, 1, False, 0.1),
    ]
    assert found.changed == "2.8.0 → 2.8.1"


def replace_hash(one: Any, hash: str) -> Any:
    import msgspec

    return msgspec.structs.replace(one, template_hash=hash)


def test_the_deployment_that_the_step_names_is_meant() -> None:
    found = advice(step("If recent deployment", "kubectl rollout undo deployment/other"), world([deployment(), deployment("other")]), START)
    assert "of other rolled out" in found.why


def test_what_fails_is_named() -> None:
    found = advice(step("if identified"), world(), START)
    assert found.why == "1 of 3 pods fail: CrashLoopBackOff"
    assert [one.name for one in found.pods] == ["tensafe-server-7d9f8b6c4d-x2v9k"]


def test_connections_are_told_with_what_is_normal() -> None:
    series = Series(id="connections", title="connections", unit="", value=97.0, baseline=40.0)
    assert advice(step("If connection exhaustion"), world(metrics=good((series,))), START).why == "connections 97, normal is 40"


def test_nothing_known_is_said() -> None:
    assert advice(step("If recent deployment"), World(), START).why == "the deployments of the cluster are not known"
    assert advice(step("if identified"), World(), START).why == "the pods of the cluster are not known"
    assert advice(step("If recent deployment"), world(), None).why == "it is not known when the incident began"
