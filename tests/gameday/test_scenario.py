"""A scenario is read from TOML; a mistake is one sentence with file and key."""

from pathlib import Path

import pytest

from warroom.gameday import scenario
from warroom.gameday.plans import Span
from warroom.gameday.scenario import ScenarioTrouble

GOOD = """
title = "t"
[world]
namespace = "shop"
nodes = ["n1"]
[[world.deployments]]
name = "api"
labels = { app = "api" }
container = "c"
releases = [{ image = "api:1" }]
[[faults]]
name = "f"
deployment = "api"
[[steps]]
at = "5s"
what = "scale"
deployment = "api"
replicas = 2
"""


@pytest.mark.parametrize("name", scenario.shipped())
def test_what_is_shipped_can_be_read(name: str) -> None:
    read = scenario.read(name)
    assert read.notice
    assert {heal.fault for heal in read.heals} == {fault.name for fault in read.faults}


def test_the_first_scenario_is_shipped() -> None:
    assert "bad-release" in scenario.shipped()


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("6m", 360), ("-6m", -360), ("1h30m", 5400), ("20d", 1_728_000), ("+1.5s", 1.5)]
)
def test_times(text: str, seconds: float) -> None:
    assert Span.read(text).seconds == seconds


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "t"', "", "own.toml: the file: the key title is missing."),
        ('at = "5s"', 'at = "soon"', 'own.toml: steps[0].at: "soon" is no time; write 45s, 6m, 1h30m or 20d.'),
        ('at = "5s"', "at = 5", "own.toml: steps[0].at: a time is written in quotes: 45s, 6m, 1h30m or 20d."),
        ("replicas = 2", 'replicas = "two"', "own.toml: steps[0].replicas: Expected a whole number, got text."),
        ("replicas = 2", "replica = 2", "own.toml: steps[0]: there is no key replica here."),
        ('what = "scale"', 'what = "explode"', "own.toml: steps[0].what: Invalid value 'explode'."),
        (
            'deployment = "api"\n[[steps]]',
            'deployment = "web"\n[[steps]]',
            "own.toml: faults[0].deployment: there is no deployment web; there is api.",
        ),
        ('nodes = ["n1"]', "nodes = []", "own.toml: world.nodes: at least one node is needed."),
        ('name = "api"', 'name = "API!"', 'own.toml: world: "API!" is no name for an object; use small letters, digits and dashes.'),
        ('releases = [{ image = "api:1" }]', "releases = []", "own.toml: world, api: a workload needs at least one release."),
        ('labels = { app = "api" }', "labels = {}", "own.toml: world, api: a workload needs labels by which it finds its pods."),
        (
            'container = "c"',
            'container = "c"\nsurge = "x"',
            'own.toml: world, api.surge: "x" is neither a number nor a share such as "25%".',
        ),
        (
            'container = "c"',
            'container = "c"\nsurge = 0\nunavailable = 0',
            "own.toml: world, api: surge and unavailable cannot both be 0: no rollout would ever move.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_with_file_and_key(old: str, new: str, said: str) -> None:
    assert scenario.parse(GOOD, "own.toml").title == "t"
    assert old in GOOD
    with pytest.raises(ScenarioTrouble) as trouble:
        scenario.parse(GOOD.replace(old, new, 1), "own.toml")
    assert str(trouble.value) == said


def test_a_file_that_is_no_toml_says_where() -> None:
    with pytest.raises(ScenarioTrouble, match=r"own\.toml is no TOML: .*line 1"):
        scenario.parse("title = x", "own.toml")


def test_a_name_or_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioTrouble, match=r"There is no scenario nope; the shipped ones are .*bad-release"):
        scenario.read("nope")
    with pytest.raises(ScenarioTrouble, match="cannot be read"):
        scenario.read(str(tmp_path / "x.toml"))
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(ScenarioTrouble, match="not UTF-8"):
        scenario.read(str(tmp_path / "latin.toml"))
    (tmp_path / "own.toml").write_text(GOOD, encoding="utf-8")
    assert scenario.read(str(tmp_path / "own.toml")).title == "t"
