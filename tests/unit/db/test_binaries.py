"""A PostgreSQL that Holdfast cannot use is refused by name."""

from pathlib import Path

import pytest

from holdfast.db.binaries import PostgresUnusable, bin_folder


def programs(folder: Path, version: str) -> Path:
    for name in ("initdb", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_a_postgresql_before_18_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PostgresUnusable, match=r"PostgreSQL 15\.4 is too old: Holdfast needs 18 or newer"):
        bin_folder(programs(tmp_path, "15.4 (Debian 15.4-1)"))


@pytest.mark.parametrize("version", ["18.0", "18.6", "19.1", "20beta1"])
def test_18_and_newer_will_do(tmp_path: Path, version: str) -> None:
    assert bin_folder(programs(tmp_path, version)) == tmp_path


def test_a_folder_without_the_programs_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostgresUnusable, match="has no initdb"):
        bin_folder(tmp_path)


def test_the_wheel_is_the_default() -> None:
    assert (bin_folder(None) / "pg_dump").exists()
