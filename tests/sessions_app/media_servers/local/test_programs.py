"""Which ffmpeg is run, and what it is known to do."""

import os
from pathlib import Path

import pytest

from sessions_app.media_servers.local.programs import find_ffmpeg, knows_srt, surroundings


def script(path: Path, *lines: str) -> str:
    path.write_text("\n".join(["#!/bin/sh", *lines]))
    path.chmod(0o755)
    return str(path)


def test_the_named_one_is_taken_before_the_one_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = script(tmp_path / "ffmpeg", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_ffmpeg() == on_path
    assert find_ffmpeg(script(tmp_path / "mine", "exit 0")) == str(tmp_path / "mine")
    assert find_ffmpeg("/nowhere/ffmpeg") is None


async def test_srt_is_offered_only_by_one_that_knows_it(tmp_path: Path) -> None:
    assert await knows_srt(script(tmp_path / "with", "printf '  srtp\\n  srt\\n'"))
    assert not await knows_srt(script(tmp_path / "without", "printf '  srtp\\n'"))
    assert not await knows_srt("/nowhere/ffmpeg")


def test_it_learns_no_secret_of_this_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SECRET_KEY", "secret")

    assert set(surroundings()) == {"LANG", "PATH"}
    assert surroundings()["PATH"] == os.environ["PATH"]
