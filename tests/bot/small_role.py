"""A stand-in for web, worker and ticker: `small_role.py <role>`; the web answers every request."""

import os
import signal
import socket
import sys
import threading

role = sys.argv[1]
stop = threading.Event()


def asked(*_: object) -> None:
    """Say so, and finish, unless the test wants somebody who does not."""
    os.write(1, f"{role} was asked to end\n".encode())
    if "STUBBORN" not in os.environ:
        threading.Thread(target=stop.set).start()


signal.signal(signal.SIGTERM, asked)
os.write(1, f"{role} has started\n".encode())
if role == "worker":
    assert os.environ["REDIS_URL"].startswith("redis://")
if role == "web":
    door = socket.socket(fileno=int(sys.argv[sys.argv.index("--listen") + 1]))
    door.settimeout(0.05)
    while not stop.is_set():
        try:
            caller, _ = door.accept()
        except TimeoutError:
            continue
        with caller:
            caller.settimeout(5)
            caller.recv(4096)
            caller.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + str(os.getpid()).encode())
stop.wait()
