"""Rows as kubectl prints them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from warroom.gameday import tables
from warroom.gameday.resources import PODS, RESOURCES
from warroom.gameday.world import Stored

NOW = datetime(2026, 2, 3, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-60, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (125, "2m5s"),
        (599, "9m59s"),
        (1260, "21m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600 + 120, "3h2m"),
        (8 * 3600 + 120, "8h"),
        (47 * 3600, "47h"),
        (2 * 86400, "2d"),
        (6 * 86400 + 3600, "6d1h"),
        (61 * 86400, "61d"),
        (747 * 86400, "2y17d"),
        (9 * 365 * 86400, "9y"),
    ],
)
def test_ages(seconds: int, text: str) -> None:
    assert tables.spoken(timedelta(seconds=seconds)) == text


def pod(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    status = {"name": "c", "state": state, "ready": False, "restartCount": 0, **more}
    return {
        "metadata": {"name": "p", "creationTimestamp": "2026-02-03T02:39:00Z"},
        "spec": {"containers": [{"name": "c"}]},
        "status": {"phase": "Running", "containerStatuses": [status]},
    }


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ({"running": {}}, "Running"),
        ({"waiting": {"reason": "CrashLoopBackOff"}}, "CrashLoopBackOff"),
        ({"terminated": {"exitCode": 1, "reason": "Error"}}, "Error"),
        ({"terminated": {"exitCode": 3}}, "ExitCode:3"),
        ({"terminated": {"exitCode": 0, "signal": 9}}, "Signal:9"),
    ],
)
def test_the_state_of_a_pod_in_one_word(state: dict[str, Any], word: str) -> None:
    assert tables.pod_reason(pod(state)) == word


def test_a_pod_that_goes_is_terminating() -> None:
    given = pod({"running": {}})
    given["metadata"]["deletionTimestamp"] = "2026-02-03T03:00:30Z"
    assert tables.pod_reason(given) == "Terminating"


def test_a_row_of_a_pod() -> None:
    ended = {"terminated": {"finishedAt": "2026-02-03T02:59:19Z"}}
    item = Stored(PODS, pod({"waiting": {"reason": "CrashLoopBackOff"}}, restartCount=7, lastState=ended), 1)
    row = tables.row(PODS, item, NOW, "Metadata")
    assert row["cells"] == ["p", "0/1", "CrashLoopBackOff", "7 (41s ago)", "21m", "<none>", "<none>", "<none>", "<none>"]
    assert row["object"]["kind"] == "PartialObjectMetadata"
    assert tables.row(PODS, item, NOW, "None")["object"] is None
    assert tables.row(PODS, item, NOW, "Object")["object"]["kind"] == "Pod"


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.qualified)
def test_a_bookmark_has_a_cell_for_every_column(resource: Any) -> None:
    row = tables.bookmark(resource, {"metadata": {"resourceVersion": "7"}})["rows"][0]
    assert len(row["cells"]) == len(tables.columns(resource))
    assert row["object"]["metadata"]["resourceVersion"] == "7"
