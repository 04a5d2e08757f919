"""What can be wrong with a node's journal."""

import errno
from pathlib import Path

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class JournalError(Exception):
    """The journal did not do what it was asked to."""


class JournalFull(JournalError):
    """There is no room, within the bound or on the disk. Nothing was written; intake may go on once there is room."""


class JournalFailed(JournalError):
    """The disk did not keep what it was given. This journal takes nothing more until the node is started again.

    After a failed fsync the kernel may call the lost pages clean, so that a second fsync succeeds although nothing was
    written: PostgreSQL stops for the same reason (commit 9ccdd7f66e33, "PANIC on fsync() failure", 2018).
    """


class JournalLocked(JournalError):
    """Another process has this journal open."""


class JournalDamaged(JournalError):
    """A record that was acknowledged is not what was written, or belongs to another cell, key or place."""

    def __init__(self, path: Path, offset: int, why: str) -> None:
        super().__init__(f"{path}, offset {offset}: {why}")
        self.path = path
        self.offset = offset


def refusal_of(error: OSError) -> JournalFull | JournalFailed:
    """What an error of a write means. An fsync that fails is a failure whatever its number: ask this of writes only."""
    return JournalFull(str(error)) if error.errno in _NO_ROOM else JournalFailed(str(error))
