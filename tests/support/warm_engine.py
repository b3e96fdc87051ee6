# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules of the engine's Python, each time in a process of its own that has the packages loaded.

Loading them takes about as long of the processor as a small job does. As a script with the path of a socket this is
the server, which ends with its standard input. With a module and arguments besides it is the process that
``python -m MODULE ARGUMENTS`` would be: the server's child has its streams, variables, folder, signals and end.
"""

from __future__ import annotations

import os
import signal
import socket
import sys


def _ask(path: str, words: list[str]) -> None:
    """Let the server run a module, and end as that does."""
    server = socket.socket(socket.AF_UNIX)
    server.connect(path)
    folder = os.getcwd()  # noqa: PTH109 - loading pathlib would take as long as all else here
    variables = [f"{name}={value}" for name, value in os.environ.items()]
    request = "\0".join([str(len(words)), folder, *words, *variables]).encode(errors="surrogateescape")
    socket.send_fds(server, [len(request).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(request)
    signal.signal(signal.SIGTERM, lambda *_: server.send(b"t"))
    # Killed, this process closes the connection, by which the server's child knows.
    status = server.recv(1)
    if not status:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(status[0])


def _serve(path: str) -> list[str]:
    """Fork for each request; the module and arguments of one, in the process that is to do it."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([listener, 0], [], [])
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if 0 in ready:  # nothing is ever written there
            os._exit(0)
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            return _become(connection)
        connection.close()


def _become(connection: socket.socket) -> list[str]:
    """Be the process that was asked for; its module and arguments."""
    size, streams, _, _ = socket.recv_fds(connection, 4, 3)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    request = b""
    while len(request) < int.from_bytes(size, "big"):
        request += connection.recv(1 << 20)
    count, folder, *words = request.decode(errors="surrogateescape").split("\0")
    os.environ.clear()
    os.environ.update(each.split("=", 1) for each in words[int(count) :])
    os.chdir(folder)
    threading.Thread(target=_listen, args=(connection,), daemon=True).start()
    atexit.register(lambda: connection.send(bytes([_status])))  # the first, so that it is done last
    return words[: int(count)]


def _listen(connection: socket.socket) -> None:
    while connection.recv(1):
        os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGKILL)


#: What the child ends with.
_status = 1

if __name__ == "__main__":
    if len(sys.argv) > 2:
        _ask(sys.argv[1], sys.argv[2:])
    # Only the server needs these, and who asks should start quickly.
    import atexit
    import contextlib
    import runpy
    import select
    import threading
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    # OpenEXR starts threads as it is loaded, which no fork has: what uses it is left to each process.
    import av  # noqa: F401

    import skyar_blender.engine.composite.grain
    import skyar_blender.engine.matte.methods
    import skyar_blender.engine.track.trackers.choose
    import skyar_blender.worker.cli.app  # noqa: F401

    assert "OpenEXR" not in sys.modules
    module, *sys.argv[1:] = _serve(sys.argv[1])
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        _status = 0
    except SystemExit as end:
        _status = end.code if isinstance(end.code, int) else int(end.code is not None)
