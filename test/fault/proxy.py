# SPDX-License-Identifier: Apache-2.0
"""A network between httpd and a database, which a test can cut."""

import selectors
import socket
import threading

from contextlib import contextmanager


class Proxy:
    """Hands bytes on between a port of its own and another, in a thread."""

    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.peers = {}  # of each socket, its other side
        self.is_cut = False
        self.is_silent = False
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over:
            with self.lock:
                self.pass_on()
        for one in list(self.peers):
            one.close()
        self.listener.close()

    def pass_on(self):
        """Whatever comes within a moment."""
        with selectors.DefaultSelector() as ready:
            ready.register(self.listener, selectors.EVENT_READ)
            for one in self.peers if not self.is_silent else ():
                ready.register(one, selectors.EVENT_READ)
            for key, _ in ready.select(0.01):
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj in self.peers:
                    self.hand_on(key.fileobj)

    def accept(self):
        one, _ = self.listener.accept()
        try:
            if self.is_cut:
                raise ConnectionRefusedError
            other = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            one.close()
            return
        for side in (one, other):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.peers |= {one: other, other: one}

    def hand_on(self, one):
        try:
            data = one.recv(65536)
            self.peers[one].sendall(data)
        except OSError:
            data = b""
        if not data:
            self.part(one)

    def part(self, one):
        other = self.peers.pop(one)
        del self.peers[other]
        one.close()
        other.close()

    @contextmanager
    def cut(self):
        """Every connection ends, and no other is made, within the block."""
        with self.lock:
            self.is_cut = True
            for one in list(self.peers):
                if one in self.peers:
                    self.part(one)
        yield
        self.is_cut = False

    @contextmanager
    def silent(self):
        """Nothing arrives any more, in neither direction; after the block it
        does, late."""
        with self.lock:
            self.is_silent = True
        yield
        self.is_silent = False

    def close(self):
        self.is_over = True
        self.thread.join(10)
