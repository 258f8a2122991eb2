# SPDX-License-Identifier: Apache-2.0
"""Many different requests, pipelined on a few connections."""

from itertools import islice

from server import BROWSER, PAGE

# Requests that are sent on a connection before their answers are read.
PORTION = 64

END = PAGE.encode()


def request(path="/", host="site.test", agent=BROWSER):
    return (f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\n"
            "\r\n").encode()


def read_pages(connection, count):
    """Read so many answers, each of them the small page."""
    received, found, good = b"", 0, 0
    while found < count:
        data = connection.recv(1 << 18)
        assert data, f"closed after {found} of {count} answers"
        *whole, received = (received + data).split(END)
        found += len(whole)
        good += sum(answer.startswith(b"HTTP/1.1 200 ") for answer in whole)
    assert found == good == count and not received, (found, good, received)


def send(server, requests, connections=4, portion=PORTION):
    """Send requests that are answered with the small page; the server's
    MaxKeepAliveRequests must be 0. Returns how many were."""
    links = [server.connect(60) for _ in range(connections)]
    source, answered = iter(requests), 0
    try:
        while True:
            sent = []
            for link in links:
                batch = list(islice(source, portion))
                if batch:
                    link.sendall(b"".join(batch))
                    sent.append((link, len(batch)))
            for link, count in sent:
                read_pages(link, count)
                answered += count
            if not sent:
                return answered
    finally:
        for link in links:
            link.close()
