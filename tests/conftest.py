"""What holds for every test: no connection leaves this machine, and no property test is judged by its speed."""

import ipaddress
import sys
from typing import Any

from hypothesis import HealthCheck, settings

settings.register_profile("holdfast", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("holdfast")

LOCAL_NAMES = {None, "", "localhost", b"localhost"}


class OutsideConnection(AssertionError):
    """A test tried to reach something that is not on this machine."""


def _is_local(host: Any) -> bool:
    if host in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook (PEP 578): no library can undo it, and patching the socket module is not needed."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise OutsideConnection(f"{event} to {address}: tests reach loopback and Unix sockets only")
    elif event == "socket.getaddrinfo" and not _is_local(arguments[0]):
        raise OutsideConnection(f"look-up of {arguments[0]!r}: tests resolve only names that they serve themselves")


sys.addaudithook(_refuse_outside)
