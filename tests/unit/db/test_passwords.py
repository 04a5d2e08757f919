"""Passwords are made once, and never shown by accident."""

from pathlib import Path

import pytest

from holdfast.db.passwords import Passwords, PasswordsUnreadable


def test_passwords_are_made_once(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    made = Passwords.load_or_create(file)
    assert Passwords.load_or_create(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_damaged_file_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    file.write_text('{"owner": "x"}')
    with pytest.raises(PasswordsUnreadable):
        Passwords.load_or_create(file)


def test_passwords_do_not_show_in_a_repr() -> None:
    passwords = Passwords.generate()
    assert passwords.owner not in repr(passwords)
