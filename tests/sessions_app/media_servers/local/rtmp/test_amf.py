"""AMF0 as publishers send it."""

import struct

import pytest

from sessions_app.media_servers.local.rtmp import amf


def test_what_is_encoded_is_decoded_again() -> None:
    command = ["connect", 1.0, {"app": "live", "fpad": False, "deep": {"n": 2.5}}, None, True]

    assert amf.decode(amf.encode(command)) == command


def test_forms_that_only_others_send_are_understood() -> None:
    written = (
        b"\x08\x00\x00\x00\x01\x00\x05width" + b"\x00" + struct.pack(">d", 1280) + b"\x00\x00\x09"
        b"\x0a\x00\x00\x00\x02\x01\x01\x06"
        b"\x0c\x00\x00\x00\x02hi"
        b"\x0b" + struct.pack(">dh", 12.0, 0)
    )

    assert amf.decode(written) == [{"width": 1280.0}, [True, None], "hi", 12.0]


@pytest.mark.parametrize(
    "broken",
    [
        amf.encode(["connect", {"app": "live"}])[:-2],
        b"\x02\x00\x05ab",
        b"\x02\x00\x02\xff\xfe",
        b"\x0a\xff\xff\xff\xff",
        b"\x2a",
        b"\x0a\x00\x00\x00\x01" * 20,
    ],
)
def test_what_is_cut_off_garbled_or_endlessly_nested_is_refused(broken: bytes) -> None:
    with pytest.raises(amf.AmfError):
        amf.decode(broken)


def test_nothing_else_is_sent() -> None:
    with pytest.raises(TypeError):
        amf.encode([object()])
