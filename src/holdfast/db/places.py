"""Where the embedded server listens: a Unix socket whose path is short enough, and a port that stays the same."""

import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path

_SUN_PATH_MAX = 107
"""Bytes of a Unix socket's path, without the final NUL (unix(7): sun_path is 108)."""
_LONGEST_NAME = "/.s.PGSQL.65535"


class SocketFolderUnsafe(Exception):
    """The folder for the socket belongs to somebody else."""


def socket_folder(data: Path) -> Path:
    """DATA/run/postgres, or a short folder of its own under the system's temporary one where that is too long."""
    near = data.resolve() / "run" / "postgres"
    if len(os.fsencode(near)) + len(_LONGEST_NAME) <= _SUN_PATH_MAX:
        return near
    name = hashlib.sha256(os.fsencode(near)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"holdfast-{name}"


def own_folder(folder: Path, uid: int, gid: int) -> None:
    """Make the folder, or check that it is ours: a directory of that user, closed to everybody else.

    In a shared temporary folder anybody may have made it first: raises SocketFolderUnsafe.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, uid, gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (uid, os.geteuid()):
            raise SocketFolderUnsafe(f"{folder} belongs to somebody else; remove it.") from None
        if os.geteuid() == 0:
            os.chown(folder, uid, gid)
        folder.chmod(0o700)


def remembered_port(file: Path) -> int:
    """The port of the file while it is free on 127.0.0.1; else another free one, which the file then remembers."""
    try:
        port = int(file.read_text())
    except (FileNotFoundError, ValueError):
        port = 0
    free = _free_port(port) if 0 < port < 65536 else None
    if free is None:
        free = _free_port(0)
        assert free is not None, "the system names a free port"
        file.write_text(f"{free}\n")
    return free


def _free_port(port: int) -> int | None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As PostgreSQL does: connections that linger from the last run do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        bound: int = probe.getsockname()[1]
        return bound
