"""Thrift's compact protocol, as much of it as the footer of a Parquet file needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class I64(int):
    """A whole number that its field declares as one of 64 bits; plain ones have 32."""


def varint(value: int) -> bytes:
    """A number from 0, seven bits a byte, the lowest first."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def struct(fields: Mapping[int, Any]) -> bytes:
    """A struct of {number of the field: int, I64, bytes, a list of one of these, or a struct}."""
    out, last = b"", 0
    for number in sorted(fields):
        kind, body = _value(fields[number])
        out += bytes([(number - last) << 4 | kind]) + body
        last = number
    return out + b"\0"


def _value(value: Any) -> tuple[int, bytes]:  # noqa: ANN401 - any of the kinds above
    """(type, bytes)."""
    if isinstance(value, int):
        return 6 if isinstance(value, I64) else 5, varint(value << 1 if value >= 0 else ~(value << 1))
    if isinstance(value, bytes):
        return 8, varint(len(value)) + value
    if isinstance(value, list):
        parts = [_value(part) for part in value]
        kind, many = parts[0][0], len(parts)
        head = bytes([many << 4 | kind]) if many < 15 else bytes([0xF0 | kind]) + varint(many)
        return 9, head + b"".join(body for _, body in parts)
    return 12, struct(value)
