"""What is copied is in a file of the home, too."""

from pathlib import Path

from warroom.cli.compose import keep_copy


def test_the_last_copy_is_its_owners_alone(tmp_path: Path) -> None:
    for text in ("tensafe-server-x2v9k and more", "tensafe-redis-0"):
        where = Path(keep_copy(tmp_path, text))
    assert where.read_text() == "tensafe-redis-0\n"
    assert where.parent == tmp_path
    assert where.stat().st_mode & 0o777 == 0o600
