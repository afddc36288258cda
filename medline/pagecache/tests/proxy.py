"""A network between the site and its database that can be slow, silent or cut."""

import contextlib
import select
import socket
import threading
import time


class Proxy:
    """Passes bytes on to a server on this machine, as long as it is let.

    `slow(seconds)` lets every answer wait for so long; `stall()` passes nothing on and closes nothing;
    `cut()` ends every connection and refuses new ones; `mend()` undoes them all.
    """

    def __init__(self, host: str, port: int):
        self._server = (host, port)
        self._flowing = threading.Event()
        self._flowing.set()
        self._delay = 0.0
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.mend()

    def slow(self, seconds: float) -> None:
        self._delay = seconds

    def stall(self) -> None:
        self._flowing.clear()

    def cut(self) -> None:
        if self._listener is None:
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._listener = None
        for pair in self._pairs:
            for one in pair:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._delay = 0.0
        self._flowing.set()
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        self._flowing.set()
        self.cut()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                visitor, _address = listener.accept()
            except OSError:
                return
            pair = (visitor, socket.create_connection(self._server))
            self._pairs.append(pair)
            threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, visitor: socket.socket, server: socket.socket) -> None:
        other = {visitor: server, server: visitor}
        with visitor, server, contextlib.suppress(OSError):
            while True:
                for one in select.select([visitor, server], [], [])[0]:
                    data = one.recv(65536)
                    if not data:
                        return
                    self._flowing.wait()
                    if one is server:
                        time.sleep(self._delay)
                    other[one].sendall(data)
