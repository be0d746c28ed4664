"""Commands that run without a pin, for the tests of what is around them."""

import os
from pathlib import Path

from warroom.runner.shell import Plan, Running, Said, ignored, private_folder


def start(command: str, said: Said = ignored, *, limit: float = 30, outputs: Path | None = None) -> Running:
    async def plan() -> Plan:
        folder = private_folder()
        secret = Path(folder.name) / "kubeconfig"
        secret.write_text("secret")
        return Plan(command, {"PATH": os.environ["PATH"]}, folder, secret)

    return Running(command, plan, limit, outputs, said)
