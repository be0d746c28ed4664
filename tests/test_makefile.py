"""What `make` says where Python lacks something, in one line that names the cure."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make")


def made(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    for name in ("Makefile", "uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    assert MAKE is not None
    return subprocess.run([MAKE, "--no-print-directory", *words], cwd=folder, capture_output=True, text=True, check=False)


def python(folder: Path, *cases: str) -> str:
    """A Python that answers each `-c` as told; anything else is refused."""
    file = folder / "python"
    file.write_text('#!/bin/sh\ncase "$2" in\n' + "\n".join(cases) + "\n*) exit 9 ;;\nesac\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.skipif(MAKE is None, reason="make is not installed")
@pytest.mark.parametrize(
    ("cases", "words"),
    [
        (["*version_info*) exit 1 ;;"], "older than 3.11"),
        (["*version_info*) exit 0 ;;", "*ensurepip*) exit 1 ;;"], "apt-get install python3-venv"),
    ],
)
def test_a_python_that_cannot_serve_is_told_in_one_line(tmp_path: Path, cases: list[str], words: str) -> None:
    ran = made(tmp_path, "demo", f"PYTHON={python(tmp_path, *cases)}")
    assert ran.returncode == 2
    told = [line for line in ran.stderr.splitlines() if "***" not in line]
    assert len(told) == 1
    assert words in told[0]


@pytest.mark.skipif(MAKE is None, reason="make is not installed")
def test_no_python_at_all_is_told_in_one_line(tmp_path: Path) -> None:
    ran = made(tmp_path, "test", "PYTHON=no-such-python")
    assert ran.returncode == 2
    assert "install Python 3.11 or newer" in ran.stderr


@pytest.mark.skipif(MAKE is None, reason="make is not installed")
def test_the_locked_uv_is_the_one_that_is_installed(tmp_path: Path) -> None:
    import tomllib

    (locked,) = [package["version"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"] if package["name"] == "uv"]
    assert f"uv=={locked}\n" in made(tmp_path, "-n", "check").stdout


@pytest.mark.skipif(MAKE is None, reason="make is not installed")
def test_a_runbook_of_ones_own_is_handed_on(tmp_path: Path) -> None:
    assert '--runbook "our runbook.md"' in made(tmp_path, "-n", "demo", "RUNBOOK=our runbook.md").stdout
    assert "--runbook" not in made(tmp_path, "-n", "demo").stdout
