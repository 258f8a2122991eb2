# SPDX-License-Identifier: Apache-2.0
"""Writes a small database of countries in MaxMind's format, version 2.0
(https://maxmind.github.io/MaxMind-DB/): a tree of address bits, then what its
leaves point to, then what tells how to read it."""

import ipaddress

MARKER = b"\xab\xcd\xefMaxMind.com"

UTF8, UINT16, UINT32, MAP, UINT64, ARRAY = 2, 5, 6, 7, 9, 11


def control(kind, size):
    assert size < 29
    if kind <= 7:
        return bytes([kind << 5 | size])
    return bytes([size, kind - 7])


def number(kind, value):
    text = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(kind, len(text)) + text


def encode(value):
    if isinstance(value, str):
        text = value.encode()
        return control(UTF8, len(text)) + text
    if isinstance(value, dict):
        return control(MAP, len(value)) + b"".join(
            encode(key) + encode(item) for key, item in value.items())
    if isinstance(value, list):
        return control(ARRAY, len(value)) + b"".join(map(encode, value))
    return value  # a number, encoded by its kind


def bits_of(network):
    """IPv4 lies in the first 96 bits of zeros."""
    network = ipaddress.ip_network(network)
    before = 0 if network.version == 6 else 96
    width = before + network.max_prefixlen
    value = int(network.network_address)
    bits = [(value >> (width - 1 - i)) & 1 if i >= before else 0
            for i in range(before + network.prefixlen)]
    return bits


def pack(left, right, width):
    """A node of two records of so many bits; the 28-bit ones share a byte, in
    which each has its highest four."""
    if width == 28:
        left = (left & 0xffffff) << 4 | left >> 24
        return (left << width | right).to_bytes(7, "big")
    return (left << width | right).to_bytes(width // 4, "big")


def write(path, countries, width=24):
    """{network: code} as a file whose records have so many bits."""
    nodes = [[None, None]]
    data, offsets = b"", {}
    for network, code in countries.items():
        if code not in offsets:
            offsets[code] = len(data)
            data += encode({"country": {"iso_code": code}})
        *most, last = bits_of(network)
        at = 0
        for bit in most:
            if nodes[at][bit] is None:
                nodes.append([None, None])
                nodes[at][bit] = len(nodes) - 1
            at = nodes[at][bit]
        nodes[at][last] = ("data", offsets[code])
    count = len(nodes)

    def record(value):
        if value is None:
            value = count
        elif isinstance(value, tuple):
            value = count + 16 + value[1]
        return value

    about = {"node_count": number(UINT32, count),
             "record_size": number(UINT16, width),
             "ip_version": number(UINT16, 6),
             "database_type": "Test-Country", "languages": ["en"],
             "binary_format_major_version": number(UINT16, 2),
             "binary_format_minor_version": number(UINT16, 0),
             "build_epoch": number(UINT64, 1700000000),
             "description": {"en": "for tests"}}
    with open(path, "wb") as file:
        for pair in nodes:
            file.write(pack(*map(record, pair), width))
        file.write(bytes(16) + data + MARKER + encode(about))
    return path
