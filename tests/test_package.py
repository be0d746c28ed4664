"""The wheel and the source archive: built, installed in a new environment, and run."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
SHEETS = sorted(path.name for path in (ROOT / "styles").glob("*.tcss"))
pytestmark = [pytest.mark.xdist_group("package"), pytest.mark.timeout(300)]  # the first time, the index is asked


def uv(*words: str, cwd: Path) -> str:
    assert UV is not None, "uv is a development dependency: install them with `make test`"
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    ran = subprocess.run([UV, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    out = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--out-dir", str(out), str(ROOT), cwd=out)
    return out


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `warroom` of a new environment, with the versions of the lock."""
    place = tmp_path_factory.mktemp("new")
    locked = place / "locked.txt"
    locked.write_text(uv("export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--project", str(ROOT), cwd=place))
    uv("venv", "--quiet", "--python", sys.executable, str(place / "venv"), cwd=place)
    (wheel,) = built.glob("*.whl")
    python = str(place / "venv" / "bin" / "python")
    uv("pip", "install", "--quiet", "--python", python, "--constraints", str(locked), str(wheel), cwd=place)
    return place / "venv" / "bin" / "warroom"


def run(command: Path, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "WARROOM_HOME": str(home / "w"), "LANG": "C.UTF-8"}
    return subprocess.run([str(command), *words], cwd=home, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_holds_real_sheets_runbook_and_scenarios(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {entry.filename: entry for entry in archive.infolist()}
        assert SHEETS
        for sheet in SHEETS:
            assert archive.read(f"warroom/styles/{sheet}") == (ROOT / "styles" / sheet).read_bytes()
        assert "warroom/runbook/tensafe.md" in names
        assert any(re.fullmatch(r"warroom/gameday/scenarios/.*\.toml", name) for name in names)
        assert any(name.endswith("licenses/LICENSE") for name in names)
        assert not any((entry.external_attr >> 16) & 0o170000 == 0o120000 for entry in names.values())


def test_a_wheel_straight_from_the_checkout_holds_the_same(built: Path, tmp_path: Path) -> None:
    """As `pip install .` builds it."""
    uv("build", "--quiet", "--wheel", "--out-dir", str(tmp_path), str(ROOT), cwd=tmp_path)
    (through_sdist,), (direct,) = built.glob("*.whl"), tmp_path.glob("*.whl")
    with zipfile.ZipFile(through_sdist) as one, zipfile.ZipFile(direct) as other:
        assert sorted(one.namelist()) == sorted(other.namelist())


def test_the_source_archive_holds_the_sheets_too(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    for sheet in SHEETS:
        assert any(name.endswith(f"styles/{sheet}") for name in names), sheet
    assert any(name.endswith("src/warroom/runbook/tensafe.md") for name in names)


def test_the_installed_command_runs(installed: Path, tmp_path: Path) -> None:
    ran = run(installed, "--help", home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "declare" in ran.stdout
    assert run(installed, "--version", home=tmp_path).stdout.startswith("warroom 0.")


def test_the_installed_command_finds_its_runbook_and_keeps_a_journal(installed: Path, tmp_path: Path) -> None:
    shown = run(installed, "runbook", "show", home=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "the shipped runbook" in shown.stdout
    assert run(installed, "declare", "x", "--severity", "P2", home=tmp_path).returncode == 0
    assert run(installed, "note", "-7m it broke", home=tmp_path).returncode == 0
    assert "-7m it broke" in run(installed, "timeline", home=tmp_path).stdout


def test_the_installed_console_finds_its_sheets(installed: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import inspect; from warroom.ui.app import WarRoomApp;"
        "folder = Path(inspect.getfile(WarRoomApp)).parent;"
        "print(all((folder / path).is_file() for path in WarRoomApp.CSS_PATH))"
    )
    python = installed.with_name("python")
    ran = subprocess.run(
        [str(python), "-c", code], cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip() == "True", ran.stderr
