"""Where a journal lies: its directory, its mode, and which file systems cannot hold one."""

import errno
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from warroom.core.ports import JournalTrouble

MOUNTS = Path("/proc/self/mountinfo")
"""Linux tells the type of each mount here; where there is none, the question is not asked."""

# A journal's consoles share memory beside the file, which only works among the processes of one host.
_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|glusterfs|lustre|gpfs|beegfs|ncpfs|coda|davfs"
    r"|fuse\.(sshfs|glusterfs|ceph|ceph-fuse|s3fs|rclone|davfs2?|smbnetfs|cifs|curlftpfs|gcsfuse|blobfuse2?|mfs|juicefs|vmhgfs-fuse)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The file that a path named when it was opened."""

    path: Path
    device: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> "Place":
        status = path.stat()
        return cls(path, status.st_dev, status.st_ino)

    def check(self) -> None:
        """Raises JournalTrouble when the path no longer names the file: what is written to it now is lost."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            status = None
        if status is None or (status.st_dev, status.st_ino) != (self.device, self.inode):
            raise JournalTrouble(
                f"the journal {self.path} was deleted or replaced while it was open: nothing more is written; "
                "export what you still see, put the file back, then start again"
            )

    def stamp(self) -> tuple[int, ...]:
        """Becomes another when anybody writes to the journal."""
        out: list[int] = []
        for path in (self.path, f"{self.path}-wal"):
            with suppress(FileNotFoundError):  # the log goes when the last writer closes it
                status = os.stat(path)
                out += (status.st_mtime_ns, status.st_size)
        return tuple(out)


def make(path: Path) -> None:
    """An empty file for a new journal: for its owner, or for the group where the directory is a group's (setgid)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shared = path.parent.stat().st_mode & stat.S_ISGID
    mode = 0o660 if shared else 0o600
    try:
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
    except FileExistsError:
        return
    try:
        os.fchmod(made, mode)  # whatever the umask says: SQLite gives its other files the mode of this one
    finally:
        os.close(made)


def check(path: Path) -> None:
    """Raises OSError where a directory stands, JournalTrouble on a file system that cannot hold a journal."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if kind := network(path):
        raise JournalTrouble(
            f"the journal {path} lies on a network file system ({kind}), where consoles would not see each other's entries: "
            "choose a place on a disk of this host (`--journal FILE`, or WARROOM_HOME)"
        )


def network(path: Path) -> str:
    """The type of the network file system that the path is on, or empty."""
    try:
        mounts = MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return ""
    kind = _type_of(path.resolve(), mounts)
    return kind if _NETWORK.fullmatch(kind) else ""


def _type_of(path: Path, mounts: str) -> str:
    """See proc(5): the fifth field is the mount point, the type stands after a lone dash; a later mount covers an earlier."""
    longest, found = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
        if len(point) >= longest and path.is_relative_to(point):
            longest, found = len(point), after.split(" ")[0]
    return found


def writable(path: Path) -> bool:
    """Whether we may write the file, and make the files beside it that SQLite needs."""
    return os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
