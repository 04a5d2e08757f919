"""The cell's and the node's keys: files beside the database, made once, never in it and never in a log."""

import contextlib
import hmac
import os
import shutil
import tempfile
from pathlib import Path

from msgspec import Struct

from holdfast.db.passwords import Passwords, PasswordsUnreadable
from holdfast.settings import Refused

KEY_BYTES = 32
KEYS = ("cell.hmac", "cell.ed25519", "node.ed25519", "node.journal")
DATABASE = "database.json"


class Secrets(Struct, frozen=True):
    """All keys, each 32 bytes. The Ed25519 ones are private keys as RFC 8032, 5.1.5 has them."""

    cell_hmac: bytes
    cell_ed25519: bytes  # signs the log's checkpoints
    node_ed25519: bytes  # signs receipts, and nothing else
    node_journal: bytes  # encrypts the journal (AES-256-GCM)
    database: Passwords

    def subkey(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose: HMAC-SHA256 of its name under the cell's key (RFC 2104)."""
        return hmac.digest(self.cell_hmac, purpose.encode(), "sha256")

    def __repr__(self) -> str:
        return "Secrets(…)"


def exists(folder: Path) -> bool:
    """Whether keys were ever made here. A database without them must be refused, never given new ones."""
    return folder.is_dir() and any(folder.iterdir())


def load_or_create(folder: Path) -> Secrets:
    """The keys in this folder, made whole or not at all where there are none.

    Raises Refused if one is missing, damaged, or open to other users of the machine.
    """
    if not exists(folder):
        _create(folder)
    _refuse_open(folder, 0o700)
    _read(folder / DATABASE)
    try:
        passwords = Passwords.load_or_create(folder / DATABASE)
    except PasswordsUnreadable as error:
        raise Refused(str(error)) from error
    cell_hmac, cell_ed25519, node_ed25519, node_journal = (_read_key(folder / name) for name in KEYS)
    return Secrets(cell_hmac, cell_ed25519, node_ed25519, node_journal, passwords)


def _create(folder: Path) -> None:
    """Writes every file to a folder beside it and renames that: a crash leaves all of them or none."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".secrets-", dir=folder.parent))  # mode 0700
    try:
        for name in KEYS:
            _write(new / name, os.urandom(KEY_BYTES))
        Passwords.load_or_create(new / DATABASE)
        _sync_folder(new)
        with contextlib.suppress(OSError):  # not empty any more: another process was faster, and its keys are the keys
            new.rename(folder)
        _sync_folder(folder.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read_key(path: Path) -> bytes:
    key = _read(path)
    if len(key) != KEY_BYTES:
        raise Refused(f"{path} is {len(key)} bytes long, not {KEY_BYTES}: restore it from your backup")
    return key


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Refused(
            f"{path} is missing. Restore it from your backup: a new key would not fit what the cell has signed"
        ) from None
    _refuse_open(path, 0o600)
    return content


def _refuse_open(path: Path, mode: int) -> None:
    found = path.stat().st_mode & 0o777
    if found & 0o077:
        raise Refused(f"{path} is open to other users of this machine (mode {found:04o}): run chmod {mode:o} {path}")
