"""Stands in for an OpenMetadata server with what the plugin asks for while it builds a DAG."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

SERVICE = {
    "id": "66666666-7777-4888-9999-000000000000",
    "name": "shop",
    "fullyQualifiedName": "shop",
    "serviceType": "SQLite",
    "connection": {"config": {"type": "SQLite", "databaseMode": "/tmp/shop.db", "database": "shop"}},
}


class OpenMetadata(ThreadingHTTPServer):
    """A server of the version of the installed plugin, with the database service `shop`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tokens: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"


class Handler(BaseHTTPRequestHandler):
    server: OpenMetadata
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.endswith("/system/version"):
            return self.answer(200, {"version": version("openmetadata-ingestion"), "revision": "x", "timestamp": 1})
        self.server.tokens.add(self.headers["Authorization"].removeprefix("Bearer "))
        if "/services/databaseServices/name/shop" in self.path:
            return self.answer(200, SERVICE)
        return self.answer(404, {"code": 404, "message": "instance not found"})

    def answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing among the results of the tests."""


@contextmanager
def open_metadata() -> Iterator[OpenMetadata]:
    with OpenMetadata() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def mute_server() -> Iterator[str]:
    """Takes connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/api"
