#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sends an access log (combined format) through a server as real requests.

Each line becomes one request over a keep-alive connection: its method, path
and query, its address as X-Forwarded-For, its agent and its referrer. Headers
beside them ask a server that includes build/demo/replay.conf to answer with
the line's status, under a media type that fits the path.

The requests of one address keep their order; others may overtake each other.
What a log doesn't say is chosen here: a 206 asked for everything from the
first byte on, a 416 for what lies behind the last, a 304 for anything but
what is there; a redirect leads to the same path with a slash at its end (or
without the one that it has); a POST sends a short body.
"""
import argparse
import collections
import os
import queue
import select
import socket
import sys
import threading
import time
import zlib

from combined import client_address, media_type, parse, path_of
from report import Counts

Difference = collections.namedtuple("Difference", "line request got")


def encode(request, host):
    """The bytes of a request, with what asks for the log's answer."""
    path = path_of(request.target)
    other = path.rstrip("/") if path.endswith("/") else path + "/"
    old = request.protocol in ("HTTP/0.9", "HTTP/1.0")
    body = b"<p>Replayed.</p>\n" if request.method == "POST" else b""
    ranges = {206: "bytes=0-", 416: "bytes=999999999-"}
    headers = {
        "Host": host,
        "X-Forwarded-For": client_address(request.address),
        "User-Agent": request.agent,
        "Referer": request.referrer,
        "X-Replay-Status": str(request.status),
        "X-Replay-Type": media_type(path),
        "X-Replay-Location": other or "/",
        "Range": ranges.get(request.status),
        "If-None-Match": "*" if request.status == 304 else None,
        "Connection": "keep-alive" if old else None,
        "Content-Type": media_type(path) if body else None,
        "Content-Length": str(len(body)) if body else None,
    }
    lines = [f"{request.method} {request.target} "
             f"{'HTTP/1.0' if old else 'HTTP/1.1'}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


class Connection:
    """One connection to the server, kept alive and opened again at need."""

    IDLE = 1.0  # seconds after which to look whether the server has closed

    def __init__(self, host, port, timeout):
        self.address = (host, port)
        self.timeout = timeout
        self.socket = self.stream = None
        self.used = 0.0

    def close(self):
        if self.socket:
            self.stream.close()
            self.socket.close()
        self.socket = self.stream = None

    def exchange(self, message, has_body):
        """Send a request, read its answer whole; the answer's status.

        Sent again, once, if a connection that had served before closes with
        no byte of an answer: the server gave it up before it saw the request.
        """
        reused = self.is_open()
        try:
            return self._exchange(message, has_body)
        except (ConnectionError, EOFError):
            self.close()
            if not reused:
                raise
        try:
            return self._exchange(message, has_body)
        except (OSError, EOFError):
            self.close()
            raise

    def is_open(self):
        if self.socket and time.monotonic() - self.used > self.IDLE \
                and select.select([self.socket], [], [], 0)[0]:
            self.close()
        return self.socket is not None

    def _exchange(self, message, has_body):
        if not self.socket:
            self.socket = socket.create_connection(self.address, self.timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.stream = self.socket.makefile("rb")
        self.socket.sendall(message)
        status, keep = self._answer(has_body)
        self.used = time.monotonic()
        if not keep:
            self.close()
        return status

    def _answer(self, has_body):
        line = self.stream.readline()
        if not line:
            raise EOFError("closed without an answer")
        version, status = line.split(None, 2)[:2]
        headers = {}
        for line in iter(self.stream.readline, b"\r\n"):
            if not line:
                raise ValueError("the answer ends within its headers")
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip().lower()
        status = int(status)
        how = headers.get(b"connection", b"")
        keep = b"close" not in how if version == b"HTTP/1.1" \
            else b"keep-alive" in how
        if has_body and status not in (204, 304):
            keep = self._body(headers) and keep
        return status, keep

    def _body(self, headers):
        """Read a body; False if only the connection's end marks its own."""
        if headers.get(b"transfer-encoding") == b"chunked":
            while size := int(self.stream.readline().partition(b";")[0], 16):
                self._whole(size + 2)
            while self.stream.readline() not in (b"\r\n", b""):
                pass
        elif b"content-length" in headers:
            self._whole(int(headers[b"content-length"]))
        else:
            self.stream.read()
            return False
        return True

    def _whole(self, size):
        if len(self.stream.read(size)) != size:
            raise ValueError("the answer's body is cut short")


class Worker(threading.Thread):
    """Sends, in order, the requests of some of the addresses."""

    def __init__(self, host, port, host_header, timeout):
        super().__init__(daemon=True)
        self.queue = queue.Queue(1000)
        self.connection = Connection(host, port, timeout)
        self.host_header = host_header
        self.statuses = collections.Counter()
        self.differences = []
        self.done = 0

    def run(self):
        for number, request in iter(self.queue.get, None):
            got = self.send(request)
            if isinstance(got, int):
                self.statuses[got] += 1
            if got != request.status:
                self.differences.append(Difference(number, request, got))
            self.done += 1
        self.connection.close()

    def send(self, request):
        """The status of the answer, or in words why there was none."""
        try:
            return self.connection.exchange(
                encode(request, self.host_header), request.method != "HEAD")
        except (OSError, EOFError, ValueError) as error:
            self.connection.close()
            return str(error) or type(error).__name__


class Result:
    """What a replay did."""

    def __init__(self, workers, malformed, seconds):
        self.sent = sum(sum(w.statuses.values()) for w in workers)
        self.statuses = sum((worker.statuses for worker in workers),
                            collections.Counter())
        self.differences = sorted(
            (d for worker in workers for d in worker.differences),
            key=lambda difference: difference.line)
        self.malformed = malformed
        self.seconds = seconds


def replay(lines, host="127.0.0.1", port=8080, host_header=None, workers=8,
           timeout=30, progress=lambda done, position: None):
    """Send every request of a log; a Result.

    lines        the log's lines, as str with one character a byte (Latin-1)
    host_header  which site is asked; else host and port
    progress     called with the requests answered and the bytes read so far
    """
    header = host_header or f"{host}:{port}"
    pool = [Worker(host, port, header, timeout) for _ in range(workers)]
    for worker in pool:
        worker.start()
    malformed, position, begun = [], 0, time.monotonic()
    for number, line in enumerate(lines, 1):
        position += len(line)
        progress(sum(worker.done for worker in pool), position)
        try:
            request = parse(line)
        except ValueError as error:
            malformed.append((number, str(error)))
            continue
        which = zlib.crc32(request.address.encode("latin-1")) % workers
        pool[which].queue.put((number, request))
    for worker in pool:
        worker.queue.put(None)
    for worker in pool:
        while worker.is_alive():
            worker.join(0.1)
            progress(sum(worker.done for worker in pool), position)
    return Result(pool, malformed, time.monotonic() - begun)


class Bar:
    """A line on a terminal that shows how far a replay is."""

    WIDTH = 32

    def __init__(self, size):
        self.size = max(size, 1)
        self.begun = time.monotonic()
        self.shown = 0.0

    def __call__(self, done, position):
        now = time.monotonic()
        if now - self.shown < 0.1:
            return
        self.shown = now
        self.show(done, position, now - self.begun)

    def show(self, done, position, seconds):
        part = min(position / self.size, 1.0)
        full = int(part * self.WIDTH)
        sys.stderr.write(
            f"\r  [{'#' * full}{'.' * (self.WIDTH - full)}] {part:4.0%}"
            f"  {done:,} requests  {done / max(seconds, 0.001):,.0f}/s \033[K")
        sys.stderr.flush()


def print_result(result, limit=20):
    """Tell what was sent, and every line that went another way."""
    rate = result.sent / max(result.seconds, 0.001)
    print(f"{result.sent:,} requests in {result.seconds:.1f} s "
          f"({rate:,.0f}/s); answers: " + ", ".join(
              f"{status} x {count:,}"
              for status, count in sorted(result.statuses.items())))
    for number, why in result.malformed[:limit]:
        print(f"line {number}: {why}; not sent")
    if len(result.malformed) > limit:
        print(f"... {len(result.malformed):,} lines in all were not sent")
    for line, request, got in result.differences[:limit]:
        print(f"line {line}: {request.method} {request.target[:80]} should "
              f"be answered {request.status}, was: {got}")
    if result.differences:
        print(f"{len(result.differences):,} answers differ from the log")
    else:
        print("every answer has the status that the log has")


def main():
    """Replay one file; 0 if every answer was the log's, 1 if not."""
    options = argparse.ArgumentParser(
        description="Send an access log through a server as real requests.")
    options.add_argument("file", help="a log in combined format")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8080)
    options.add_argument("--host-header", help="the site to ask for")
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--database", help="where the server's counts go: "
                         "wait for them, then show what it holds")
    given = options.parse_args()
    counts = Counts(given.database) if given.database else None
    before = counts.hits() if counts else 0
    with open(given.file, encoding="latin-1", newline="\n") as lines:
        progress = {}
        if sys.stderr.isatty():
            progress["progress"] = Bar(os.path.getsize(given.file))
        result = replay(lines, given.host, given.port, given.host_header,
                        given.connections, **progress)
        if progress:
            sys.stderr.write("\r\033[K")
    print_result(result)
    written = counts.wait_and_show(before, result.sent) if counts else True
    return 0 if written and not result.differences else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except OSError as problem:
        sys.exit(f"replay: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
