"""What can be wrong with a journal is said in one sentence, and nothing is half written."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from journal.child import run
from journal.notes import at_once, notes, texts
from warroom.core.ports import JournalTrouble
from warroom.journal import place
from warroom.journal.care import verify
from warroom.journal.sqlite import SqliteJournal


def _text(path: Path) -> None:
    path.write_text("dear diary, " * 400)


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute(f"pragma application_id = {0x77617272}")
        db.execute("pragma user_version = 99")
    db.close()


def _other(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("create table recipes (name text)")
    db.close()


def _others(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("pragma application_id = 7")
    db.close()


def _directory(path: Path) -> None:
    path.mkdir()


def _torn(path: Path) -> None:
    _newer(path)
    path.write_bytes(path.read_bytes()[:60] + b"\xff" * 500)


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (_text, "is no warroom journal: name another file"),
        (_newer, r"was written by a newer warroom \(its schema is 99, this one knows \d+\): update warroom"),
        (_other, "is a database of another program, no warroom journal: name another file"),
        (_others, "is a database of another program, no warroom journal: name another file"),
        (_directory, "is a directory: name a file in it"),
        (_torn, "newer warroom|corrupt|no warroom journal"),
    ],
)
async def test_a_file_that_is_no_journal_of_ours_is_left_alone(path: Path, break_it: Callable[[Path], None], said: str) -> None:
    break_it(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(JournalTrouble, match=said) as told:
        async with SqliteJournal.open(path, at_once):
            pass
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_journal_that_cannot_be_opened_leaves_no_thread_that_complains(path: Path) -> None:
    _text(path)

    async def ask() -> None:
        async with SqliteJournal.open(path, at_once):
            pass

    before = set(threading.enumerate())
    for _ in range(20):
        with pytest.raises(JournalTrouble):
            asyncio.run(ask())
    for thread in set(threading.enumerate()) - before:
        thread.join(5)  # it has said its last word, and may not have left yet
    assert set(threading.enumerate()) <= before


async def test_a_place_below_a_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "room.db", tmp_path / "file" / "deeper" / "room.db"):
        with pytest.raises(JournalTrouble, match="is no directory: choose another place"):
            async with SqliteJournal.open(path, at_once):
                pass


async def test_reading_makes_nothing(path: Path) -> None:
    with pytest.raises(JournalTrouble, match=r"room\.db does not exist: see `warroom journal path`"):
        async with SqliteJournal.open(path, at_once, read_only=True):
            pass
    with pytest.raises(JournalTrouble, match="does not exist"):
        verify(path)
    path.touch()
    with pytest.raises(JournalTrouble, match="is empty and cannot be written"):
        async with SqliteJournal.open(path, at_once, read_only=True):
            pass
    assert path.stat().st_size == 0


async def _kept(path: Path, *words: str) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes(*words), after=0)


async def test_a_locked_journal_is_said_and_goes_on_when_it_is_free(path: Path) -> None:
    async with SqliteJournal.open(path, at_once, patience=0.05) as journal:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("begin exclusive")
        with pytest.raises(
            JournalTrouble, match=r"is locked by another process: find it with `fuser .*room\.db`, let it end, then try again"
        ):
            await journal.append(notes("a"), after=0)
        assert await journal.read(after=0) == []
        holder.execute("rollback")
        holder.close()
        assert await journal.append(notes("a"), after=0)
    assert verify(path).entries == 1


async def test_a_journal_that_is_locked_when_opened_is_said(path: Path) -> None:
    await _kept(path, "a")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("pragma locking_mode = exclusive")
    holder.execute("begin exclusive")
    with pytest.raises(JournalTrouble, match="is locked by another process"):
        async with SqliteJournal.open(path, at_once, patience=0.05):
            pass
    holder.close()


async def test_a_full_disk_is_said_and_nothing_is_half_written(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
        ((pages,),) = await journal._ours.execute_fetchall("pragma page_count")
        await journal._ours.execute_fetchall(f"pragma max_page_count = {pages + 3}")
        with pytest.raises(JournalTrouble, match="has no room left, its disk is full: free some space on it, then try again"):
            await journal.append(notes("x", "y" * 50_000, "z", start=1), after=1)
        assert texts(await journal.read(after=0)) == ["a"]
        await journal._ours.execute_fetchall("pragma max_page_count = 100000")
        assert await journal.append(notes("b", start=1), after=1)
    assert verify(path).ok


async def test_a_disk_that_refuses_is_said(path: Path) -> None:
    """A process may not write files larger than its limit: to SQLite that is a disk error in the middle of an append."""
    done = await asyncio.to_thread(run, "journal.limited", path)
    assert "met a disk error" in done
    async with SqliteJournal.open(path, at_once) as journal:
        assert texts(await journal.read(after=0)) == ["a"]
    assert verify(path).ok


async def test_a_corrupt_journal_is_said(path: Path) -> None:
    await _kept(path, *("long " * 900 for _ in range(40)))
    whole = bytearray(path.read_bytes())
    whole[4096 * 2 : 4096 * 8] = b"\xa5" * 4096 * 6
    path.write_bytes(whole)
    async with SqliteJournal.open(path, at_once) as journal:
        with pytest.raises(JournalTrouble, match=r"is corrupt \(.*malformed.*\): keep a copy, see `warroom journal verify`"):
            await journal.read(after=0)
    assert not verify(path).ok


async def test_a_body_from_a_newer_console_is_said(path: Path) -> None:
    await _kept(path, "a")
    with sqlite3.connect(path) as db:
        db.execute("""update entries set body = '{"kind":"teleported"}'""")
    db.close()
    async with SqliteJournal.open(path, at_once) as journal:
        with pytest.raises(
            JournalTrouble, match=r"room\.db cannot be read: of entry 1 \(noted\), an entry holds what this console does not know"
        ):
            await journal.read(after=0)


async def test_a_journal_that_is_deleted_under_us_is_said(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
        following = journal.follow()
        assert await anext(following) == 1
        path.unlink()
        with pytest.raises(
            JournalTrouble, match="was deleted or replaced while it was open: nothing more is written; export what you still see"
        ):
            await journal.append(notes("b", start=1), after=1)
        with pytest.raises(JournalTrouble, match="was deleted or replaced"):
            await anext(following)
        assert texts(await journal.read(after=0)) == ["a"]


async def test_a_journal_that_is_replaced_under_us_is_said(path: Path, tmp_path: Path) -> None:
    await _kept(tmp_path / "other.db", "x")
    async with SqliteJournal.open(path, at_once) as journal:
        (tmp_path / "other.db").rename(path)
        with pytest.raises(JournalTrouble, match="was deleted or replaced"):
            await journal.append(notes("b", start=1), after=0)


async def test_a_journal_for_reading_only_is_read_and_followed_and_refuses(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as writing, SqliteJournal.open(path, at_once, read_only=True) as journal:
        assert await writing.append(notes("a"), after=0)
        assert (writing.writable, journal.writable) == (True, False)
        following = journal.follow()
        assert await anext(following) == 1
        assert await writing.append(notes("b", start=1), after=1)
        assert await anext(following) == 2
        assert texts(await journal.read(after=0)) == ["a", "b"]
        with pytest.raises(JournalTrouble, match="can only be read: make it writable, or choose another"):
            await journal.append(notes("c", start=2), after=2)


@pytest.mark.parametrize("log", ["empty", "full"])
async def test_what_may_not_be_written_is_read_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch, log: str) -> None:
    await _kept(path, "a")
    if log == "full":  # a copy of a journal whose console was killed
        async with SqliteJournal.open(path, at_once) as writing:
            assert await writing.append(notes("b", start=1), after=1)
            copy = path.with_name("copy.db")
            for suffix in ("", "-wal"):
                Path(f"{copy}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
        path = copy
    path.chmod(0o400)
    monkeypatch.setattr(place, "writable", lambda path: False)  # also for root, who may always write
    async with SqliteJournal.open(path, at_once) as journal:
        assert not journal.writable
        assert texts(await journal.read(after=0)) == (["a"] if log == "empty" else ["a", "b"])
        assert await anext(journal.follow()) >= 1
        with pytest.raises(JournalTrouble, match="can only be read"):
            await journal.append(notes("c", start=2), after=1)
    assert verify(path).ok


async def test_a_journal_that_turns_read_only_is_said(path: Path) -> None:
    async with SqliteJournal.open(path, at_once) as journal:
        assert await journal.append(notes("a"), after=0)
        await journal._ours.execute_fetchall("pragma query_only = on")
        with pytest.raises(JournalTrouble, match="is read-only: make the file and its directory writable"):
            await journal.append(notes("b", start=1), after=1)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "glusterfs"])
async def test_a_network_file_system_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    point = str(path.parent.resolve()).replace(" ", "\\040")
    mounts.write_text(f"21 1 8:1 / / rw - ext4 /dev/sda1 rw\n98 21 0:51 / {point} rw,relatime shared:7 - {kind} server:/home rw\n")
    monkeypatch.setattr(place, "MOUNTS", mounts)
    with pytest.raises(JournalTrouble, match=rf"lies on a network file system \({kind}\).*choose a place on a disk of this host"):
        async with SqliteJournal.open(path, at_once):
            pass
    assert not path.exists()


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "xfs", "tmpfs", "overlay", "zfs", "apfs", "fuseblk", "virtiofs"])
async def test_a_disk_of_this_host_is_taken(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    elsewhere = f"{path.parent.resolve()}-not-this"
    mounts.write_text(
        f"1 1 0:5 / / rw - nfs x rw\n2 1 8:1 / {path.parent.resolve()} rw - {kind} /dev/sda1 rw\n3 1 0:9 / {elsewhere} rw - nfs x rw\n"
    )
    monkeypatch.setattr(place, "MOUNTS", mounts)
    async with SqliteJournal.open(path, at_once) as journal:
        assert journal.writable


async def test_where_mounts_are_not_told_the_journal_opens(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(place, "MOUNTS", tmp_path / "none")
    async with SqliteJournal.open(path, at_once) as journal:
        assert journal.writable
