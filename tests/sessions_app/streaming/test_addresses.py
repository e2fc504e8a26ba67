"""Addresses of streams, their ids, and the way video takes to a media server."""

import re
from datetime import UTC, datetime

import pytest

from sessions_app.states import StreamKind
from sessions_app.streaming.addresses import (
    LONGEST_URL,
    Ingest,
    ack_id,
    base36,
    ingest_order,
    output_problem,
    place_of,
    stream_id,
    url_problem,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CHANCE = [0, 9, 10, 35, 1, 2, 3, 4]


@pytest.mark.parametrize("scheme", ["rtmp", "rtmps", "srt", "http", "https", "RTMP"])
def test_a_stream_goes_where_glasses_can_push(scheme: str) -> None:
    assert not url_problem(f"{scheme}://live.example/app/key")


@pytest.mark.parametrize(
    "url",
    ["", "rtmp://", "file:///etc/passwd", "live.example/app", "rtmp://[", f"rtmp://x/{'k' * LONGEST_URL}"],
)
def test_other_addresses_are_refused(url: str) -> None:
    assert "streamUrl must begin with" in url_problem(url)
    assert output_problem(url)


def test_a_stream_is_sent_on_by_rtmp_only() -> None:
    assert not output_problem("rtmps://live.example/key")
    assert output_problem("srt://live.example:9000")


def test_a_place_holds_no_key() -> None:
    assert place_of("rtmp://user:pass@live.example:1935/app/secret?k=v") == "rtmp://live.example"
    assert place_of("rtmp://[") == ""


def test_ids_are_short_and_tell_the_kind() -> None:
    direct = stream_id(StreamKind.DIRECT, NOW, CHANCE)
    assert re.fullmatch("s[0-9a-z]{6}09az", direct)
    assert stream_id(StreamKind.MANAGED, NOW, CHANCE) == "m09az1234"
    assert ack_id(CHANCE) == "a09az1"
    assert base36(0) == "0"
    assert int(base36(1_767_312_000), 36) == 1_767_312_000


@pytest.mark.parametrize(
    ("destinations", "supported", "is_old", "first"),
    [
        ([], None, False, Ingest.WHIP),
        ([], ["rtmp"], False, Ingest.RTMP),
        ([], ["something new"], False, Ingest.WHIP),
        (["rtmp://a.example/k"], None, False, Ingest.SRT),
        (["rtmp://a.example/k", "rtmps://va.pscp.tv:443/x/k"], None, False, Ingest.RTMP),
        ([], None, True, Ingest.RTMP),
    ],
)
def test_the_way_of_the_video_suits_glasses_and_destinations(
    destinations: list[str], supported: list[str] | None, is_old: bool, first: Ingest
) -> None:
    assert ingest_order(destinations, supported, is_old_phone=is_old)[0] is first
