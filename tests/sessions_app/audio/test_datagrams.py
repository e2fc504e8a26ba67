"""Packets of sound, byte by byte; no bytes break the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.utils import random

from sessions_app.audio.datagrams import (
    KEY_BYTES,
    MOST_BYTES,
    Datagram,
    Seal,
    hash_of,
    ping,
    read_datagram,
    write_datagram,
)

KEY = bytes(range(KEY_BYTES))


def test_the_hash_of_the_protocols_own_example() -> None:
    assert hash_of("ada@example.com") == 3_203_780_562


def test_a_ping_is_ten_bytes() -> None:
    data = write_datagram(ping(0xBEF5CFD2))
    assert data == bytes.fromhex("bef5cfd20000") + b"PING"
    read = read_datagram(data)
    assert read is not None
    assert read.is_ping


def test_the_same_bytes_under_another_number_are_sound() -> None:
    assert not Datagram(1, 1, b"PING").is_ping


@pytest.mark.parametrize("length", [0, 5, 6, MOST_BYTES + 1])
def test_a_packet_without_sound_or_too_long_is_none(length: int) -> None:
    assert read_datagram(bytes(length)) is None


@given(st.binary(max_size=2 * MOST_BYTES))
def test_whatever_is_read_can_be_written_again(data: bytes) -> None:
    read = read_datagram(data)
    assert read is None or write_datagram(read) == data


@given(st.binary(max_size=MOST_BYTES))
def test_what_was_not_sealed_with_this_key_is_not_opened(payload: bytes) -> None:
    assert Seal(KEY).open(payload) is None


def test_sound_is_sealed_with_40_bytes_more_and_opened() -> None:
    sound = random(320)
    sealed = Seal(KEY).close(sound)
    assert len(sealed) == len(sound) + 40
    assert Seal(KEY).open(sealed) == sound
    assert Seal(KEY[::-1]).open(sealed) is None
    assert Seal(KEY).open(bytes([sealed[0] ^ 1]) + sealed[1:]) is None
