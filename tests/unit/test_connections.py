"""The block on outside connections that every other test relies on."""

import socket

import pytest


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as connection, pytest.raises(AssertionError, match="loopback"):
        connection.connect(("192.0.2.1", 80))


def test_a_look_up_of_an_outside_name_is_refused() -> None:
    with pytest.raises(AssertionError, match="resolve"):
        socket.getaddrinfo("market.example", 80)


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
