"""A TCP proxy between a client and a database, that can lose what the database answers from some moment on."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Proxy:
    """Carries bytes both ways. After a client's bytes that hold `fatal`, no answer comes through any more."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.fatal: bytes | None = None
        self.swallowed = threading.Event()
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Ends every connection that goes through it."""
        for one in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                lost = threading.Event()
                threading.Thread(target=self._up, args=(client, server, lost), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client, lost), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self.fatal is not None and self.fatal in data:
                    lost.set()
                server.sendall(data)

    def _down(self, server: socket.socket, client: socket.socket, lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if lost.is_set():
                    self.swallowed.set()
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(data)


@contextlib.contextmanager
def proxy_to(host: str, port: int) -> Iterator[Proxy]:
    """A proxy to a server, gone at the end."""
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
