"""PostgreSQL refuses to run as root: the unprivileged user that it runs as, and what that user may reach."""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

USER = "holdfast-pg"

_ACL = "system.posix_acl_access"
_ACL_VERSION = struct.pack("<I", 2)
_ENTRY = struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NO_ID = 0xFFFFFFFF


def child_entry() -> pwd.struct_passwd | None:
    """The system user that postgres has to run as: None unless we are root.

    `holdfast-pg` is made where the machine lets us; else `nobody`. One without an entry in passwd would not do: initdb
    looks itself up there.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        _add_user()
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return pwd.getpwnam("nobody")


def _add_user() -> None:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        return
    command = [
        useradd,
        "--system",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        USER,
    ]
    # Two first starts at once: the loser's useradd fails, and the user is there all the same.
    subprocess.run(command, capture_output=True, timeout=20, check=False)


def let_through(path: Path, uid: int) -> None:
    """Let one user pass through every folder above path, without letting it list them.

    By an access list for that user alone, where the filesystem has them; else by the folder's own x bit for others.
    """
    for folder in reversed(path.resolve().parents):
        mode = folder.stat()
        if mode.st_uid == uid or mode.st_mode & stat.S_IXOTH:
            continue
        try:
            _grant_passage(folder, uid)
        except OSError:
            folder.chmod(stat.S_IMODE(mode.st_mode) | stat.S_IXOTH)


def _grant_passage(folder: Path, uid: int) -> None:
    entries = _effective_acl(folder)
    if any(tag == _USER and who == uid and may & 1 for tag, may, who in entries):
        return
    entries = [entry for entry in entries if (entry[0], entry[2]) != (_USER, uid)]
    entries.append((_USER, 1, uid))
    widest = 0
    for tag, may, _ in entries:
        if tag not in (_USER_OBJ, _OTHER):
            widest |= may
    entries.append((_MASK, widest, _NO_ID))
    entries.sort(key=lambda entry: (entry[0], entry[2]))
    os.setxattr(folder, _ACL, _ACL_VERSION + b"".join(_ENTRY.pack(*entry) for entry in entries))


def _effective_acl(folder: Path) -> list[tuple[int, int, int]]:
    """The access list as (tag, permissions, id), without its mask; made of the mode where there is none (acl(5)).

    What the mask forbids is taken out: `chmod 700` leaves the entries and closes the mask, and a new, wider mask for
    one user must not bring the others back.
    """
    try:
        entries = list(_ENTRY.iter_unpack(os.getxattr(folder, _ACL)[4:]))
    except OSError:
        mode = folder.stat().st_mode
        return [(_USER_OBJ, mode >> 6 & 7, _NO_ID), (_GROUP_OBJ, mode >> 3 & 7, _NO_ID), (_OTHER, mode & 7, _NO_ID)]
    mask = next((may for tag, may, _ in entries if tag == _MASK), 7)
    return [(tag, may if tag in (_USER_OBJ, _OTHER) else may & mask, who) for tag, may, who in entries if tag != _MASK]


def let_run(folder: Path) -> None:
    """Make a package's programs and libraries readable to all: pip obeys a root's umask of 077."""
    for path in (folder, *folder.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        wanted = mode | stat.S_IRGRP | stat.S_IROTH
        if mode & stat.S_IXUSR:
            wanted |= stat.S_IXGRP | stat.S_IXOTH
        if wanted != mode and not path.is_symlink():
            path.chmod(wanted)
