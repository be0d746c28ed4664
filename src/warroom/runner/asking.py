"""Questions to the pinned cluster, by the kubectl that will also make the change: what it may see is what is told."""

import asyncio
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from warroom.core.readings import Cluster

LIMIT = 15.0
"""Seconds for one question."""


@dataclass(frozen=True, slots=True)
class Told:
    """`trouble` is the last line of what kubectl complained of, or empty."""

    text: str
    trouble: str = ""

    @property
    def value(self) -> Any:
        """Of `-o json`; None where it is none."""
        try:
            return msgspec.json.decode(self.text) if self.text else None
        except msgspec.DecodeError:
            return None

    @property
    def items(self) -> tuple[dict[str, Any], ...]:
        """Of a list, as far as it was told."""
        return tuple((self.value or {}).get("items") or ())


class Asking:
    """While it is open there is a kubeconfig on disk, for its owner alone; it goes with the block."""

    def __init__(self, kubectl: Path, environment: Mapping[str, str], folder: tempfile.TemporaryDirectory[str], cluster: Cluster) -> None:
        self._kubectl, self._environment, self._folder, self.cluster = kubectl, environment, folder, cluster

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await asyncio.to_thread(self._folder.cleanup)

    async def __call__(self, *words: str) -> Told:
        """What kubectl answers to these words."""
        try:
            process = await asyncio.create_subprocess_exec(
                self._kubectl, *words, f"--request-timeout={LIMIT:g}s",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                env=dict(self._environment),
            )  # fmt: skip
        except OSError as error:
            return Told("", f"kubectl could not be started: {error.strerror}")
        try:
            out, err = await asyncio.wait_for(process.communicate(), LIMIT)
        except TimeoutError:
            return Told("", f"the cluster did not answer within {LIMIT:g} s")
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, 9)
                await process.wait()
        lines = [line for line in err.decode(errors="replace").splitlines() if line.strip()]
        trouble = (lines[-1] if lines else f"kubectl ended with {process.returncode}") if process.returncode else ""
        return Told(out.decode(errors="replace"), trouble)
