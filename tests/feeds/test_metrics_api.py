"""CPU and memory of pods by metrics.k8s.io."""

from pathlib import Path

import msgspec
import pytest

from feeds.behind import Behind, Said, source_on
from hand import HandClock
from warroom.feeds.metrics_api import NOT_THERE, UsageFeed, quantity
from warroom.feeds.trouble import Trouble

PATH = "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods"


def listed(**pods: list[tuple[str, str]]) -> Said:
    items = [
        {
            "metadata": {"name": name, "namespace": "shop"},
            "window": "15s",
            "containers": [{"name": f"c{n}", "usage": {"cpu": cpu, "memory": memory}} for n, (cpu, memory) in enumerate(used)],
        }
        for name, used in pods.items()
    ]
    return Said(msgspec.json.encode({"kind": "PodMetricsList", "items": items}), headers={"Content-Type": "application/json"})


async def test_all_containers_of_a_pod_together(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.answers[PATH] = listed(a=[("250m", "64Mi"), ("1500000n", "1Ki")], b=[])
    async with source_on(behind, tmp_path, hand) as source:
        found = await UsageFeed(source).ask()
    assert [(used.pod, used.memory) for used in found] == [("shop/a", 64 * 2**20 + 1024), ("shop/b", 0)]
    assert [used.cpu for used in found] == pytest.approx([0.2515, 0.0])


@pytest.mark.parametrize("code", [404, 503])
async def test_without_a_metrics_server_it_says_so(behind: Behind, tmp_path: Path, hand: HandClock, code: int) -> None:
    behind.refuse(PATH, code, "the server is currently unable to handle the request")
    async with source_on(behind, tmp_path, hand) as source:
        with pytest.raises(Trouble) as caught:
            await UsageFeed(source).ask()
    assert caught.value.word == NOT_THERE


async def test_who_may_not_look_is_told_so(behind: Behind, tmp_path: Path, hand: HandClock) -> None:
    behind.refuse(PATH, 403, 'pods.metrics.k8s.io is forbidden: User \\"ada\\" cannot list')
    async with source_on(behind, tmp_path, hand) as source:
        with pytest.raises(Trouble, match=r"user ada may not list pods\.metrics\.k8s\.io in namespace shop"):
            await UsageFeed(source).ask()


@pytest.mark.parametrize("body", ["<html>", '{"items": 5}', '{"items":[{"containers":[{"usage":{"cpu":"lots"}}]}]}'])
async def test_an_answer_that_is_none(behind: Behind, tmp_path: Path, hand: HandClock, body: str) -> None:
    behind.answers[PATH] = Said(body)
    async with source_on(behind, tmp_path, hand) as source:
        with pytest.raises(Trouble, match="not understood"):
            await UsageFeed(source).ask()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("2", 2),
        ("250m", 0.25),
        ("12345n", 12345e-9),
        ("7u", 7e-6),
        ("1Ki", 1024),
        ("1.5Gi", 1.5 * 2**30),
        ("3k", 3000),
        ("1e3", 1000),
        ("2E", 2e18),
    ],
)
def test_quantities_as_kubernetes_writes_them(text: str, value: float) -> None:
    assert quantity(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "m", "1x", "1 Ki", "--1", "NaN", "1e999"])
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(Trouble, match="no quantity"):
        quantity(text)
