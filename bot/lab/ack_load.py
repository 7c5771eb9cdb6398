"""Sends prepared requests over kept-alive connections and measures each; a program of its own.

``python -m bot.lab.ack_load <file> <port> <connections>`` prints one line of JSON. It shares the machine with
the server it measures, so it does as little as possible: one thread, plain sockets, ready bytes.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LENGTH = 4  # bytes in front of each request in the file


def written(requests: Sequence[bytes]) -> bytes:
    """The content of a file of requests."""
    return b"".join(len(one).to_bytes(LENGTH, "big") + one for one in requests)


def read(content: bytes) -> Iterator[bytes]:
    """The requests of a file."""
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + LENGTH], "big")
        yield content[at + LENGTH : at + LENGTH + size]
        at += LENGTH + size


@dataclass
class Line:
    """One connection and the request that is on its way."""

    socket: socket.socket
    began: float = 0.0
    answer: bytes = b""

    def send(self, request: bytes) -> None:
        """Send a request; it is small enough to go out at once."""
        self.answer, self.began = b"", time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Take in what came; the status once the answer is complete."""
        came = self.socket.recv(65536)
        if not came:
            raise ConnectionError("The server closed a connection.")
        self.answer += came
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return None
        return int(head.split(b" ", 2)[1])


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)


@dataclass
class Load:
    """All requests, sent as fast as the server takes them."""

    requests: Iterator[bytes]
    millis: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def run(self, port: int, connections: int) -> float:
        """Send everything; seconds from the first request to the last answer."""
        with selectors.DefaultSelector() as waiting:
            for _ in range(connections):
                line = Line(socket.create_connection(("127.0.0.1", port)))
                line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                waiting.register(line.socket, selectors.EVENT_READ, line)
            began = time.perf_counter()
            for key in list(waiting.get_map().values()):
                self._next(waiting, key.data)
            while waiting.get_map():
                for key, _ in waiting.select():
                    self._answered(waiting, key.data)
            return time.perf_counter() - began

    def _answered(self, waiting: selectors.BaseSelector, line: Line) -> None:
        status = line.status()
        if status is not None:
            self.millis.append((time.perf_counter() - line.began) * 1000)
            self.statuses[status] += 1
            self._next(waiting, line)

    def _next(self, waiting: selectors.BaseSelector, line: Line) -> None:
        request = next(self.requests, None)
        if request is None:
            waiting.unregister(line.socket)
            line.socket.close()
        else:
            line.send(request)


def main(file: str, port: str, connections: str) -> None:
    """Measure, and print the figures."""
    load = Load(read(Path(file).read_bytes()))
    seconds = load.run(int(port), int(connections))
    told = {"seconds": seconds, "millis": load.millis, "statuses": dict(load.statuses)}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
