"""Keys are made once, whole or not at all; they are closed to others, and a missing one is never made again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from holdfast.secrets import KEYS, exists, load_or_create
from holdfast.settings import Refused


def test_keys_are_made_once_and_then_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "secrets"
    assert not exists(folder)
    first = load_or_create(folder)
    again = load_or_create(folder)
    assert exists(folder)
    assert first == again
    assert sorted(path.name for path in folder.parent.iterdir()) == ["secrets"]


def test_two_starts_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: load_or_create(tmp_path / "secrets"), range(8)))
    assert {secrets.cell_hmac for secrets in made} == {made[0].cell_hmac}


def test_keys_are_closed_to_other_users(tmp_path: Path) -> None:
    load_or_create(tmp_path / "secrets")
    modes = {
        path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "secrets", *(tmp_path / "secrets").iterdir()]
    }
    assert modes.pop("secrets") == 0o700
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("name", [*KEYS, "database.json"])
def test_a_file_open_to_others_is_refused(tmp_path: Path, name: str) -> None:
    load_or_create(tmp_path)
    (tmp_path / name).chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        load_or_create(tmp_path)


@pytest.mark.parametrize("name", [*KEYS, "database.json"])
def test_a_lost_file_is_refused_and_not_made_again(tmp_path: Path, name: str) -> None:
    load_or_create(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(Refused, match=r"missing.*backup"):
        load_or_create(tmp_path)
    assert not (tmp_path / name).exists()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    load_or_create(tmp_path)
    (tmp_path / "cell.hmac").write_bytes(b"short")
    with pytest.raises(Refused, match="5 bytes long"):
        load_or_create(tmp_path)


def test_subkeys_differ_by_purpose_and_stay_the_same(tmp_path: Path) -> None:
    secrets = load_or_create(tmp_path)
    assert secrets.subkey("offers") == secrets.subkey("offers") != secrets.subkey("ids")
    assert len(secrets.subkey("offers")) == 32


def test_no_key_shows_in_a_log(tmp_path: Path) -> None:
    secrets = load_or_create(tmp_path)
    assert repr(secrets) == "Secrets(…)"
    assert secrets.database.superuser not in repr(secrets.database)
