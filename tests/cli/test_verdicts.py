"""`warroom verdicts` without a cluster, and from what a watch has recorded."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from cli.conftest import Cli
from warroom.cli import verdicts
from warroom.cli.given import Flags
from warroom.cli.opened import opened
from warroom.clock import SystemClock
from warroom.core.acts.observations import Observe
from warroom.core.entries import Draft, Observed
from warroom.core.readings import Reading, Series, World


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "ENOUGH", 0.2)


def test_without_a_cluster_what_is_measured_is_unknown_and_the_rest_is_yours(cli: Cli) -> None:
    ran = cli("verdicts", "--json")
    assert ran.code == 0
    found = {(one["level"], one["criterion"]): one for one in ran.json}
    assert found["P2", "Error rate > 10%"]["verdict"] == "unknown"
    assert found["P2", "Error rate > 10%"]["section"].startswith("P2")
    assert found["P1", "All customers affected"]["verdict"] == "human"
    assert {frozenset(one) for one in ran.json} == {frozenset(("id", "criterion", "section", "level", "line", "verdict", "evidence"))}
    assert all(one["line"] > 0 for one in ran.json)


def test_for_people_a_line_each_below_its_level(cli: Cli) -> None:
    rows = cli("verdicts").out.splitlines()
    assert rows[0] == "declare an incident when"
    assert rows[rows.index("P2") + 1].startswith("  yours    Major feature")
    assert any(row.startswith("  unknown  Error rate > 10%: error rate") for row in rows)


def test_what_the_watch_has_sampled_counts(cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("declare", "API errors").code == 0
    now = SystemClock().now()

    async def sampled() -> None:
        async with opened(Flags.read({})) as desk:
            for minute in range(8, 0, -1):
                at = now - timedelta(minutes=minute)
                fact = Observed(what="sample", key=f"sample/{minute}", values=(("errors", 0.142 if minute < 8 else 0.003),))
                await desk.room.do(Observe(1, "ada@host", (Draft(fact, at),)), by="watch")

    asyncio.run(sampled())

    async def seen(_: object) -> World:
        return World(metrics=Reading((Series(id="errors", title="Error rate", unit="ratio", value=0.142, at=now),), now))

    monkeypatch.setattr(verdicts, "glimpse", seen)
    found = {one["criterion"]: one for one in cli("verdicts", "--json").json}
    one = found["Error rate > 10%"]
    assert (one["verdict"], one["evidence"]) == ("true", "error rate 14.2 % > 10 % for 7 min")
