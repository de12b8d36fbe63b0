"""A small load generator: keep-alive connections on loopback, one thread each, raw sockets.

It runs in a process of its own, so that its work does not count as the server's. It only ever talks to
127.0.0.1 and stops by itself after the given number of requests.
"""

import json
import socket
import sys
import threading
import time


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def get(self, request: bytes) -> tuple[int, int]:
        """Send one request, read the whole answer; returns its status and the length of its body."""
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status = int(head[9:12])
        if status == 304:
            return status, 0
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        while len(self.buffer) < length:
            self._more()
        self.buffer = self.buffer[length:]
        return status, length

    def _more(self) -> None:
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.buffer += chunk


def run(port: int, path: str, *, requests: int, connections: int, headers: dict[str, str]) -> dict:
    """Durations in milliseconds of `requests` requests over `connections` connections."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    durations: list[float] = []
    statuses: set[int] = set()
    sizes: set[int] = set()

    def work(share: int) -> None:
        connection = Connection(port)
        for _ in range(share):
            started = time.perf_counter()
            status, size = connection.get(request)
            durations.append((time.perf_counter() - started) * 1000)
            statuses.add(status)
            sizes.add(size)

    threads = [
        threading.Thread(target=work, args=(requests // connections,)) for _ in range(connections)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    durations.sort()
    return {
        "rate": len(durations) / seconds,
        "p50": durations[len(durations) // 2],
        "p99": durations[int(len(durations) * 0.99)],
        "requests": len(durations),
        "statuses": sorted(statuses),
        "size": max(sizes),
    }


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps(run(**order)))
