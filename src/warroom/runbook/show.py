"""A Runbook as the plain values that `warroom runbook show --json` prints."""

from typing import Any

import msgspec

from warroom.runbook.model import Runbook


def show(runbook: Runbook) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(runbook)
    return shown
