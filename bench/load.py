"""A small load generator: keep-alive connections on loopback, raw sockets, all in one thread.

It runs in a process of its own, so that its work does not count as the server's. It only ever talks to
127.0.0.1 and stops by itself. With a thread for each connection, what was there already waited in the
generator for the interpreter's lock, and counted as the server's.
"""

import gc
import json
import select
import socket
import sys
import time

ENOUGH = 1 << 20
PATIENCE = 30  # seconds in which a server says something


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(ENOUGH)
        self._head = b""
        self._missing: int | None = None
        self.status = self.size = 0

    def get(self, request: bytes) -> tuple[int, int]:
        """Send one request, read the whole answer; returns its status and the length of its body."""
        self.send(request)
        while not self.is_whole():
            pass
        return self.status, self.size

    def send(self, request: bytes) -> None:
        self._head, self._missing = b"", None
        self.socket.sendall(request)

    def is_whole(self) -> bool:
        """Take what is there, waiting for it where nothing is; whether that was the last of the answer."""
        count = self.socket.recv_into(self.buffer)
        if not count:
            raise ConnectionError("the server closed the connection")
        if self._missing is None:
            self._head += self.buffer[:count]
            head, end, body = self._head.partition(b"\r\n\r\n")
            if not end:
                return False
            self.status = int(head[9:12])
            self.size = 0 if self.status == 304 else _length(head)
            self._missing, count = self.size, len(body)
        self._missing -= count
        return not self._missing


def _length(head: bytes) -> int:
    _before, _name, after = head.lower().partition(b"\r\ncontent-length:")
    return int(after.partition(b"\r\n")[0])


def run(
    port: int,
    path: str,
    *,
    requests: int,
    connections: int,
    headers: dict[str, str],
    seconds: float = 0,
) -> dict:
    """Durations in milliseconds of `requests` requests or more, for at least so many seconds.

    Each begins right before it is sent, which is as soon as the connection has the answer before, and
    ends when the last byte was taken.
    """
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    durations: list[float] = []
    statuses: set[int] = set()
    sizes: set[int] = set()
    ready = select.epoll()
    by_number = {one.socket.fileno(): one for one in (Connection(port) for _ in range(connections))}
    for number in by_number:
        ready.register(number, select.EPOLLIN)
    gc.collect()
    gc.disable()  # nor is a pause of its own the server's
    begun: dict[int, float] = {}
    started = time.perf_counter()
    for number, connection in by_number.items():
        begun[number] = time.perf_counter()
        connection.send(request)
    while begun:
        if not (answering := ready.poll(PATIENCE)):
            raise TimeoutError("the server does not answer")
        for number, _event in answering:
            connection = by_number[number]
            if not connection.is_whole():
                continue
            now = time.perf_counter()
            durations.append((now - begun.pop(number)) * 1000)
            statuses.add(connection.status)
            sizes.add(connection.size)
            if len(durations) + len(begun) < requests or now - started < seconds:
                begun[number] = time.perf_counter()
                connection.send(request)
    taken = time.perf_counter() - started
    durations.sort()
    return {
        "rate": len(durations) / taken,
        "p50": durations[len(durations) // 2],
        "p99": durations[int(len(durations) * 0.99)],
        "requests": len(durations),
        "statuses": sorted(statuses),
        "size": max(sizes),
    }


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps(run(**order)))
