"""The recorded speech that tests and demos play."""

from tests.support.recordings import FOLDER, list_recordings


def test_every_recording_is_listed_with_its_text_and_licence() -> None:
    recordings = list_recordings()
    assert sorted(recording.file for recording in recordings) == sorted(
        file.name for file in FOLDER.glob("*.wav")
    )
    assert all(recording.text and recording.source and recording.licence for recording in recordings)
    assert {recording.language for recording in recordings} == {"en-US", "fr-CA", "es-MX"}


def test_recordings_are_short_and_of_one_kind() -> None:
    seconds = [len(recording.sound()) / 32_000 for recording in list_recordings()]
    assert all(2 < length < 8 for length in seconds)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 1_200_000
