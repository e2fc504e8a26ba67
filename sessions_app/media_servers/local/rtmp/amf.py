"""AMF0, the form of RTMP's commands. Pure."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

_MOST_DEPTH: Final = 8
_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED = 0, 1, 2, 3, 5, 6
_MAP, _OBJECT_END, _LIST, _DATE, _LONG_STRING = 8, 9, 10, 11, 12


class AmfError(ValueError):
    """Bytes that are no AMF0, or more deeply nested than a command ever is."""


def encode(values: Sequence[object]) -> bytes:
    """Return values one after another: None, bool, numbers, texts and mappings of these."""
    return b"".join(_encode(value) for value in values)


def _encode(value: object) -> bytes:
    if value is None:
        return bytes([_NULL])
    if isinstance(value, bool):
        return bytes([_BOOLEAN, value])
    if isinstance(value, int | float):
        return struct.pack(">Bd", _NUMBER, value)
    if isinstance(value, str):
        return bytes([_STRING]) + _short(value)
    if isinstance(value, Mapping):
        fields = b"".join(_short(str(name)) + _encode(one) for name, one in value.items())
        return bytes([_OBJECT]) + fields + bytes([0, 0, _OBJECT_END])
    raise TypeError(f"{type(value).__name__} is not sent")


def _short(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def decode(data: bytes) -> list[Any]:
    """Return the values that follow one another; raises AmfError."""
    reader = _Reader(data)
    values = []
    try:
        while not reader.is_done:
            values.append(reader.value())
    except (struct.error, IndexError, UnicodeDecodeError) as trouble:
        raise AmfError("a command is cut off or garbled") from trouble
    return values


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._data)

    def value(self, depth: int = 0) -> Any:
        if depth > _MOST_DEPTH:
            raise AmfError("a command is too deeply nested")
        kind = self._take(1)[0]
        if kind == _NUMBER:
            return struct.unpack(">d", self._take(8))[0]
        if kind == _BOOLEAN:
            return self._take(1)[0] != 0
        if kind in (_STRING, _LONG_STRING):
            return self._text(2 if kind == _STRING else 4)
        if kind in (_NULL, _UNDEFINED):
            return None
        return self._compound(kind, depth + 1)

    def _compound(self, kind: int, depth: int) -> Any:
        if kind == _MAP:
            self._take(4)
        if kind in (_OBJECT, _MAP):
            return self._fields(depth)
        if kind == _LIST:
            (count,) = struct.unpack(">I", self._take(4))
            return [self.value(depth) for _ in range(count)]
        if kind == _DATE:
            return struct.unpack(">dh", self._take(10))[0]
        raise AmfError(f"a command holds a value of unknown kind {kind}")

    def _fields(self, depth: int) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        while True:
            name = self._text(2)
            if not name and self._data[self._at] == _OBJECT_END:
                self._at += 1
                return fields
            fields[name] = self.value(depth)

    def _text(self, size: int) -> str:
        return self._take(int.from_bytes(self._take(size), "big")).decode()

    def _take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) != count:
            raise IndexError
        self._at += count
        return piece
