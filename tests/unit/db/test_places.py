"""The server listens where it did before, and in a folder that is nobody else's."""

import os
import socket
from pathlib import Path

import pytest

from holdfast.db.places import SocketFolderUnsafe, own_folder, remembered_port, socket_folder


def test_the_port_stays_the_same_while_it_is_free(tmp_path: Path) -> None:
    file = tmp_path / "port"
    port = remembered_port(file)
    assert remembered_port(file) == port
    with socket.create_server(("127.0.0.1", port)):
        other = remembered_port(file)
        assert other != port
    assert remembered_port(file) == other


@pytest.mark.parametrize("content", ["", "x", "0", "70000"])
def test_a_damaged_port_file_is_written_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "port"
    file.write_text(content)
    assert remembered_port(file) == int(file.read_text())


def test_a_socket_s_path_always_fits(tmp_path: Path) -> None:
    for length in (1, 50, 100, 200):
        folder = socket_folder(tmp_path / ("é" * length))
        assert len(os.fsencode(folder / ".s.PGSQL.65535")) <= 107


def test_a_folder_that_is_a_link_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    with pytest.raises(SocketFolderUnsafe):
        own_folder(tmp_path / "link", os.geteuid(), os.getegid())


def test_a_folder_of_ours_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir(mode=0o755)
    own_folder(tmp_path / "ours", os.geteuid(), os.getegid())
    assert (tmp_path / "ours").stat().st_mode & 0o777 == 0o700
