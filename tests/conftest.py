"""Fixtures of every layer, where snapshots live, and what may not be skipped."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension

from hand import HandClock

TESTS = Path(__file__).parent
KIT = TESTS.parent.parent / "shared" / "cluster" / "up"


def _folder(_: type, *, test_location: Any) -> str:
    module = Path(test_location.filepath).relative_to(TESTS).with_suffix("")
    return str(TESTS.parent / "snapshots" / module)


SVGImageExtension.dirname = classmethod(_folder)


def _must_run(item: pytest.Item) -> bool:
    """CI installs tmux and a Prometheus; a real API server it has only where the kit lies beside the checkout and Go can build it."""
    if os.environ.get("CI") != "true":
        return False
    if item.get_closest_marker("tmux") or item.get_closest_marker("prometheus"):
        return True
    if item.get_closest_marker("cluster"):
        return "WARROOM_TEST_KUBECONFIG" not in os.environ and KIT.exists() and shutil.which("go") is not None
    return False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and _must_run(item):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"in CI this test may not be skipped ({why}): install the missing part, see .ci/run"
    return report


@pytest.fixture
def hand() -> HandClock:
    return HandClock()
