# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP of the tests' server of Weights & Biases: requests in, answers out, and the ways in which servers fail."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Protocol

Fault = Literal["hang", "error", "cut", "bad_key"]


class Server(Protocol):
    """What answers; see :class:`support.wandb_server.WandbServer`."""

    calls: Counter[str]
    uploads: dict[str, bytes]
    keys: set[str]

    def broken(self) -> Fault | None: ...
    def hang(self) -> None: ...
    def graphql(self, operation: str, variables: dict[str, Any], query: str) -> Any: ...
    def stream(self, run: str, reported: dict[str, Any]) -> None: ...
    def download(self, path: str) -> bytes: ...


class QuietServer(ThreadingHTTPServer):
    """Says nothing of clients that hang up."""

    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        """The client's own business."""


def handler_of(server: Server) -> type[BaseHTTPRequestHandler]:
    """Reads requests, lets ``server`` answer them, and fails as it says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

        def do_GET(self) -> None:
            self._handle(b"")

        def do_PUT(self) -> None:
            self._handle(self._body())

        def do_POST(self) -> None:
            self._handle(self._body())

        def _handle(self, body: bytes) -> None:
            given = self.headers.get("Authorization", "")
            if given.startswith("Basic "):
                server.keys.add(base64.b64decode(given[6:]).decode().partition(":")[2])
            fault = server.broken()
            if fault == "hang":
                server.hang()
                return
            if fault == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"data": {')
                self.wfile.flush()
                self.connection.close()
                self.close_connection = True
                return
            if fault == "error":
                self._send({"errors": [{"message": "it is out of order"}]}, 500)
                return
            if self.path == "/graphql":
                requested = json.loads(body)
                name = requested.get("operationName") or requested["query"].split("(")[0].split("{")[0].split()[-1]
                self._send({"data": server.graphql(name, requested.get("variables") or {}, requested["query"])})
                return
            server.calls[f"{self.command} {self.path.split('/')[1]}"] += 1
            if self.command == "PUT":
                server.uploads[self.path.removeprefix("/upload/")] = body
                self._send({})
            elif self.path.endswith("/file_stream"):
                server.stream(self.path.split("/")[-2], json.loads(body))
                self._send({})
            elif self.command == "GET":
                self._send(server.download(self.path))
            else:
                self._send({})

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

        def _send(self, answer: Any, status: int = 200) -> None:
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
