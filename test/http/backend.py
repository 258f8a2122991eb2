# SPDX-License-Identifier: Apache-2.0
"""A small web server for httpd to be a proxy of, in a thread of the test."""

import threading
import time

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!DOCTYPE html><title>Behind</title><p>A page from behind.</p>\n"
ETAG = '"behind"'


class Handler(BaseHTTPRequestHandler):
    """/status/NNN, /slow, /cut, /type/…, /event/… and a page for all else."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.paths.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        word = self.path.split("/")[1]
        getattr(self, "send_" + word, self.send_any)()

    do_HEAD = do_POST = do_GET

    def start(self, status, length, media_type="text/html", **headers):
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send_any(self):
        asked = self.headers.get("Range", "")
        if self.headers.get("If-None-Match") == ETAG:
            self.send_response(304)
            self.send_header("ETag", ETAG)
            self.end_headers()
        elif asked.startswith("bytes="):
            first, last = (int(word) for word in asked[6:].split("-"))
            part = PAGE[first:last + 1]
            self.start(206, len(part), Content_Range=(
                f"bytes {first}-{last}/{len(PAGE)}"))
            self.wfile.write(part)
        else:
            self.start(200, len(PAGE), ETag=ETAG)
            if self.command != "HEAD":
                self.wfile.write(PAGE)

    def send_status(self):
        self.start(int(self.path.split("/")[2]), len(PAGE), Location="/else")
        self.wfile.write(PAGE)

    def send_type(self):
        self.start(200, 2, self.path[len("/type/"):])
        self.wfile.write(b"{}")

    def send_event(self):
        self.start(200, len(PAGE), Usage_Event=self.path[len("/event/"):])
        self.wfile.write(PAGE)

    def send_slow(self):
        """A megabyte now and a megabyte later."""
        part = b"x" * (1 << 20)
        try:
            self.start(200, 2 * len(part))
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(1)
            self.wfile.write(part)
        except OSError:
            self.close_connection = True

    def send_cut(self):
        """Half of what was announced."""
        self.start(200, 2 * len(PAGE))
        self.wfile.write(PAGE)
        self.close_connection = True

    def log_message(self, *_):
        pass


@contextmanager
def backend():
    """The address of a server that runs within the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.paths = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def address(server):
    return f"127.0.0.1:{server.server_address[1]}"
