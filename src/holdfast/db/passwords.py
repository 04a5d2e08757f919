"""The database roles and their passwords, made once and kept in a file apart from the database."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path

_BYTES = 24


class Role(StrEnum):
    """A database role of Holdfast: what a connection may do is its role's to say."""

    OWNER = "holdfast_owner"
    WRITER = "holdfast_writer"
    READER = "holdfast_reader"


class PasswordsUnreadable(Exception):
    """The file of passwords is there, but is not one that Holdfast wrote."""


@dataclass(frozen=True, repr=False)
class Passwords:
    """One password a role, and the embedded server's superuser's. URL-safe, so that they need no quoting anywhere."""

    superuser: str
    owner: str
    writer: str
    reader: str

    def of(self, role: Role) -> str:
        """The password of one role."""
        return {Role.OWNER: self.owner, Role.WRITER: self.writer, Role.READER: self.reader}[role]

    @classmethod
    def generate(cls) -> "Passwords":
        """New ones, of 192 random bits each."""
        return cls(*(secrets.token_urlsafe(_BYTES) for _ in fields(cls)))

    @classmethod
    def load_or_create(cls, file: Path) -> "Passwords":
        """Those of the file; made, and written with mode 0600, where there is none. Raises PasswordsUnreadable."""
        if not file.exists():
            _write_once(file, json.dumps(asdict(cls.generate()), indent=1).encode())
        try:
            return cls(**json.loads(file.read_bytes()))
        except (ValueError, TypeError) as error:
            raise PasswordsUnreadable(
                f"{file} does not hold Holdfast's database passwords. Restore it from a backup: the roles on the "
                f"server have the passwords that it held."
            ) from error


def _write_once(file: Path, content: bytes) -> None:
    """Link the complete file into place: two processes that start at once agree on the first one's."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
