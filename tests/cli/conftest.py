"""Commands run in this process, each in a home of its own."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from warroom.cli.main import run

SOURCES = Path(__file__).parents[2] / "src"


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Exactly one document."""
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No setting, kubeconfig or file of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith("WARROOM_") or name in ("KUBECONFIG", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WARROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WARROOM_USER", "ada")
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return ran


@pytest.fixture
def declared(cli: Cli) -> str:
    """The id of an open incident at P2 whose alert fired 7 min ago: entries 1 and 2."""
    ran = cli("declare", "API errors above 10 %", "--severity", "P2", "--at", "-7m", "--json")
    assert ran.code == 0, ran.err
    return str(ran.json["id"])


def kubeconfig(path: Path, server: str, context: str = "prod") -> Path:
    path.write_text(
        f"{{apiVersion: v1, kind: Config, current-context: {context},"
        f" clusters: [{{name: c, cluster: {{server: '{server}'}}}}], users: [{{name: u, user: {{token: t}}}}],"
        f" contexts: [{{name: {context}, context: {{cluster: c, user: u, namespace: shop}}}}]}}\n"
    )
    return path
