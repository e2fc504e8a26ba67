"""Sound by UDP, byte by byte (media §8.1, §8.2): what a packet says, and how it is sealed. Pure."""

import struct
from dataclasses import dataclass
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

MOST_BYTES: Final = 1024
KEY_BYTES: Final = SecretBox.KEY_SIZE
ALGORITHM: Final = "xsalsa20-poly1305"
_HEAD: Final = struct.Struct(">IH")
_PING: Final = b"PING"
_OVERHEAD: Final = SecretBox.NONCE_SIZE + SecretBox.MACBYTES
_FNV_OFFSET: Final = 0x811C9DC5
_FNV_PRIME: Final = 0x01000193


@dataclass(frozen=True, slots=True)
class Datagram:
    """One packet: whose by its hash, its number (0 to 65535) and what it carries, sealed or not."""

    user_hash: int
    sequence: int
    payload: bytes

    @property
    def is_ping(self) -> bool:
        """Whether the phone asks if packets arrive; a ping is never sealed."""
        return self.sequence == 0 and self.payload == _PING


def hash_of(user_id: str) -> int:
    """Return FNV-1a, 32 bits, of a user id: what stands for the user in packets."""
    value = _FNV_OFFSET
    for byte in user_id.encode():
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return value


def read_datagram(data: bytes) -> Datagram | None:
    """Return what a packet says, or None when it is too short or too long to be one."""
    if not _HEAD.size < len(data) <= MOST_BYTES:
        return None
    user_hash, sequence = _HEAD.unpack_from(data)
    return Datagram(user_hash, sequence, data[_HEAD.size :])


def write_datagram(datagram: Datagram) -> bytes:
    """Return the bytes of a packet."""
    return _HEAD.pack(datagram.user_hash, datagram.sequence) + datagram.payload


def ping(user_hash: int) -> Datagram:
    """Return the packet by which a phone asks whether packets arrive."""
    return Datagram(user_hash, 0, _PING)


class Seal:
    """Opens and seals the payloads of one session with its key."""

    __slots__ = ("_box",)

    def __init__(self, key: bytes) -> None:
        self._box = SecretBox(key)

    def open(self, payload: bytes) -> bytes | None:
        """Return the sound inside a sealed payload, or None when it was not sealed with this key."""
        if len(payload) < _OVERHEAD:
            return None
        try:
            return self._box.decrypt(payload)
        except CryptoError:
            return None

    def close(self, sound: bytes) -> bytes:
        """Return `sound` sealed under a fresh nonce."""
        return bytes(self._box.encrypt(sound))
