"""What both servers must do for a socket, seen from a client of a real process."""

import json
import socket
import struct
import time
import urllib.request
from contextlib import suppress
from http.client import HTTPConnection, HTTPException

import pytest
from websockets.sync.client import connect

from tests.mentra_site.servers.conftest import HEARTBEAT_SECONDS, RawClient, SmallNode
from tests.mentra_site.servers.small_node import LONGEST_HEADERS_SECONDS, POURED

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def finished_sends(node: SmallNode) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{node.port}/count", timeout=5) as answer:
        return int(answer.read())


@pytest.mark.parametrize("size", [0, 1, 125, 126, 640, 65535, 65536])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_frame_of_any_size_comes_back_unchanged(node: SmallNode, opcode: int, size: int) -> None:
    client = RawClient(node.port, "/echo")
    payload = (b"0123456789" * (size // 10 + 1))[:size]
    client.send_frame(opcode, payload)
    answer = client.read_frame()
    while answer[0] == PING:
        answer = client.read_frame()
    client.close()

    assert answer == (opcode, payload)


def test_a_client_that_offers_compression_is_served_without(node: SmallNode) -> None:
    with connect(f"{node.url}/echo", compression="deflate") as client:
        client.send("hello")

        assert client.recv(timeout=5) == "hello"
        assert client.protocol.extensions == []


def test_a_close_carries_its_code_and_its_reason(node: SmallNode) -> None:
    client = RawClient(node.port, "/close")
    opcode, payload = client.read_frame()
    client.close()

    assert opcode == CLOSE
    assert struct.unpack("!H", payload[:2])[0] == 1008
    assert payload[2:] == b"Invalid API key"


def test_the_application_learns_code_and_reason_of_the_peer(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    client.send_frame(CLOSE, struct.pack("!H", 4001) + b"going home")
    client.read_frame()
    client.close()

    node.wait_for("DISCONNECTED 4001 going home")


def test_a_close_is_answered_when_the_application_is_done(node: SmallNode) -> None:
    client = RawClient(node.port, "/reluctant")
    client.send_frame(CLOSE, struct.pack("!H", 1000))
    sent = time.monotonic()
    node.wait_for("TOLD")
    told = time.monotonic()

    opcode, _ = client.read_frame()
    answered = time.monotonic()
    client.close()

    assert opcode == CLOSE
    assert told - sent < 0.3
    assert 0.4 < answered - sent < 2
    node.wait_for("DONE")


def test_a_peer_that_closes_and_vanishes_is_no_trouble(node: SmallNode) -> None:
    client = RawClient(node.port, "/reluctant")
    client.send_frame(CLOSE, struct.pack("!H", 1000))
    client.close()

    node.wait_for("DONE")


def test_a_lost_connection_is_reported(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    client.close()

    assert node.wait_for("DISCONNECTED").split()[1] in ("1005", "1006")


def test_sending_waits_while_the_peer_does_not_read(node: SmallNode) -> None:
    client = RawClient(node.port, "/flood")
    stalled_at = wait_until_stalled(node)
    for _ in range(stalled_at + 200):
        client.read_frame()
    later = finished_sends(node)
    client.close()

    assert 0 < stalled_at < 2000, "the flood went on without a reader"
    assert later > stalled_at, "the flood did not go on for a reader"


def test_a_lost_peer_ends_the_waiting(node: SmallNode) -> None:
    client = RawClient(node.port, "/flood")
    wait_until_stalled(node)
    client.close()

    node.wait_for("FLOOD ENDED", seconds=15)


def test_a_close_with_abort_ends_the_connection_of_a_peer_that_does_not_read(node: SmallNode) -> None:
    client = RawClient(node.port, "/cut")
    node.wait_for("CUT", seconds=15)

    with pytest.raises((ConnectionError, AssertionError)):
        while True:
            client.read_frame()
    client.close()


def test_a_reset_right_behind_a_message_is_noticed(node: SmallNode) -> None:
    client = RawClient(node.port, "/stall")
    client.send_frame(TEXT, b"stall")
    node.wait_for("STALLED")
    client.send_frame(TEXT, b"the last message")
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()

    assert node.wait_for("TOOK") in ("TOOK 0", "TOOK 1")


def test_the_kernel_keeps_little_for_a_peer_that_does_not_read(node: SmallNode) -> None:
    client = RawClient(node.port, "/flood")
    stalled_at = wait_until_stalled(node)
    client.close()

    assert stalled_at * 16384 < 512 * 1024


def test_a_connection_that_never_completes_its_headers_is_ended(node: SmallNode) -> None:
    silent, dripping = socket.create_connection(("127.0.0.1", node.port)), socket.socket()
    dripping.connect(("127.0.0.1", node.port))
    dripping.sendall(b"GET /echo HTTP/1.1\r\nHost: x\r\n")
    for each in (silent, dripping):
        each.settimeout(15)
        with suppress(ConnectionResetError):
            assert each.recv(1) == b""
        each.close()


def test_an_address_may_hold_a_long_text_but_not_any(node: SmallNode) -> None:
    def ask(text: str) -> int:
        client = HTTPConnection("127.0.0.1", node.port, timeout=5)
        try:
            client.request("GET", f"/?text={text}")
            return client.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            client.close()

    assert ask("%E4%B8%96" * 4_000) == 200
    assert ask("x" * 200_000) in (0, 400)


def test_a_socket_outlives_the_time_for_headers(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    time.sleep(LONGEST_HEADERS_SECONDS + 0.5)
    client.send_frame(TEXT, b"still here")
    answer = client.read_frame()
    while answer[0] == PING:
        answer = client.read_frame()
    client.close()

    assert answer == (TEXT, b"still here")


def test_pings_come_on_time_though_the_peer_talks(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    begun, arrivals = time.monotonic(), []
    while time.monotonic() - begun < 3.6 * HEARTBEAT_SECONDS:
        client.send_frame(TEXT, b"hello")
        opcode, _ = client.read_frame()
        if opcode == PING:
            arrivals.append(time.monotonic() - begun)
            client.read_frame()
        time.sleep(0.05)
    client.close()

    assert arrivals == pytest.approx([1.0, 2.0, 3.0], abs=0.35)


def test_a_peer_that_never_answers_pings_is_kept(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    opcodes = [client.read_frame()[0] for _ in range(3)]
    client.send_frame(TEXT, b"still here")
    answer = client.read_frame()
    client.close()

    assert opcodes == [PING, PING, PING]
    assert answer == (TEXT, b"still here")


def test_a_message_beyond_the_limit_closes_with_1009(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    client.socket.sendall(b"\x82\xff" + struct.pack("!Q", 70_000) + bytes(4))
    opcode, payload = client.read_frame()
    client.close()

    assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1009))


def test_a_flood_of_messages_arrives_whole_and_in_order(node: SmallNode) -> None:
    client = RawClient(node.port, "/slow")
    for number in range(2000):
        client.send_frame(TEXT, json.dumps(number).encode())
    answers: list[int] = []
    while len(answers) < 2000:
        opcode, payload = client.read_frame()
        if opcode == TEXT:
            answers.append(int(payload))
    client.close()

    assert answers == list(range(2000))


def wait_until_stalled(node: SmallNode) -> int:
    """Return how many frames a flood had sent when it made no progress any more."""
    before, now = -1, 0
    deadline = time.monotonic() + 10
    while now != before or now == 0:
        assert time.monotonic() < deadline, "the flood never stalled"
        time.sleep(0.3)
        before, now = now, finished_sends(node)
    return now


def test_frames_that_arrive_byte_by_byte_are_put_together(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in b"\x81\x85" + bytes(4) + b"hello" + b"\x81\x85" + bytes(4) + b"world":
        client.socket.sendall(bytes([byte]))
    answers = [client.read_frame(), client.read_frame()]
    client.close()

    assert answers == [(TEXT, b"hello"), (TEXT, b"world")]


def test_a_fragmented_message_with_a_ping_inside_arrives_as_one(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    client.socket.sendall(
        b"\x01\x83" + bytes(4) + b"one" + b"\x89\x80" + bytes(4) + b"\x80\x83" + bytes(4) + b"two"
    )
    client.send_frame(TEXT, b"three")
    answers = [client.read_frame() for _ in range(3)]
    client.close()

    assert sorted(answers) == sorted([(PONG, b""), (TEXT, b"onetwo"), (TEXT, b"three")])


def test_text_that_is_no_utf8_closes_with_1007(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    client.send_frame(TEXT, b"\xff\xfe")
    opcode, payload = client.read_frame()
    client.close()

    assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1007))


def test_an_unmasked_frame_closes_with_1002(node: SmallNode) -> None:
    client = RawClient(node.port, "/echo")
    client.socket.sendall(b"\x81\x05hello")
    opcode, payload = client.read_frame()
    client.close()

    assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1002))


def test_an_answer_in_pieces_waits_for_a_peer_that_reads_slowly(node: SmallNode) -> None:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(10)
    client.connect(("127.0.0.1", node.port))
    client.sendall(b"GET /pour HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    taken = -1
    while taken != (taken := finished_sends(node)):
        time.sleep(0.2)
    assert taken < POURED / 2

    received = 0
    while more := client.recv(1 << 20):
        received += len(more)
        last = more
    client.close()
    assert received > POURED * 16384
    assert last.endswith(b"end")
