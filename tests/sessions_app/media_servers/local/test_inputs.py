"""Inputs outlive the process; their keys are nobody else's."""

from pathlib import Path

import pytest

from sessions_app.media_servers.local.inputs import FILE_NAME, MOST_OUTPUTS, Inputs
from sessions_app.media_servers.server import MediaServerError


def test_they_are_there_again_after_a_restart(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path, most=5)
    made = inputs.make("ada@example.com")
    inputs.add_output(made.input_id, "rtmp://a.example/x", "A")

    again = Inputs(tmp_path, most=5)

    assert again.get(made.input_id) == made
    assert again.with_key(made.key) == made
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_only_the_key_opens_an_input(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path, most=5)
    made = inputs.make("ada@example.com")

    assert len({made.key, made.passphrase, made.input_id}) == 3
    for wrong in ("", made.input_id, made.passphrase, made.key[:-1], "ключ"):
        assert inputs.with_key(wrong) is None


def test_there_are_bounds(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path, most=1)
    made = inputs.make("ada@example.com")
    for number in range(MOST_OUTPUTS):
        inputs.add_output(made.input_id, f"rtmp://a.example/{number}", None)

    with pytest.raises(MediaServerError) as full:
        inputs.make("bob@example.com")
    assert full.value.code == "UNAVAILABLE"
    with pytest.raises(MediaServerError) as many:
        inputs.add_output(made.input_id, "rtmp://a.example/more", None)
    assert many.value.code == "MAX_OUTPUTS_REACHED"


def test_what_is_removed_is_gone(tmp_path: Path) -> None:
    inputs = Inputs(tmp_path, most=5)
    made = inputs.make("ada@example.com")
    output = inputs.add_output(made.input_id, "rtmp://a.example/x", None)

    inputs.remove_output(made.input_id, output.output_id)
    assert made.outputs == []
    with pytest.raises(MediaServerError) as gone:
        inputs.remove_output(made.input_id, output.output_id)
    assert gone.value.code == "NOT_FOUND"

    inputs.remove(made.input_id)
    inputs.remove(made.input_id)
    with pytest.raises(MediaServerError):
        Inputs(tmp_path, most=5).get(made.input_id)


def test_a_broken_file_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE_NAME).write_text("{")

    assert len(Inputs(tmp_path, most=5)) == 0
    assert "forgotten" in caplog.text
