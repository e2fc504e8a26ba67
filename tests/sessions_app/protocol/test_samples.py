"""Each declared message has a golden sample and survives the way through its class without a loss."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from sessions_app.protocol import codec, webhooks
from sessions_app.protocol.app_to_cloud import APP_MESSAGES
from sessions_app.protocol.base import message_type
from sessions_app.protocol.cloud_to_app import TO_APP_MESSAGES
from sessions_app.protocol.cloud_to_glasses import TO_GLASSES_MESSAGES
from sessions_app.protocol.glasses_to_cloud import GLASSES_MESSAGES
from tests.support.samples import Sample, list_samples

Decode = Callable[[str], object]

DECODERS: dict[str, Decode] = {
    "glasses_to_cloud": codec.decode_from_glasses,
    "app_to_cloud": codec.decode_from_app,
    "cloud_to_glasses": codec.decode_to_glasses,
    "cloud_to_app": codec.decode_to_app,
}
CLASSES: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "glasses_to_cloud": GLASSES_MESSAGES,
    "app_to_cloud": APP_MESSAGES,
    "cloud_to_glasses": TO_GLASSES_MESSAGES,
    "cloud_to_app": TO_APP_MESSAGES,
}
WEBHOOK_BODIES: dict[str, type[msgspec.Struct]] = {
    "session_request": webhooks.SessionRequest,
    "stop_request": webhooks.StopRequest,
    "settings_push": webhooks.SettingsPush,
    "tool_call": webhooks.ToolCall,
}


def each_sample() -> list[Any]:
    return [
        pytest.param(direction, sample, id=f"{direction}/{sample.name}")
        for direction in DECODERS
        for sample in list_samples(direction)
    ]


def without_nulls(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize(("direction", "sample"), each_sample())
def test_a_sample_keeps_every_field_through_decode_and_encode(direction: str, sample: Sample) -> None:
    message = DECODERS[direction](sample.text)
    assert isinstance(message, CLASSES[direction])
    again = codec.encode(message)
    assert without_nulls(again) == without_nulls(sample.text)
    assert DECODERS[direction](again) == message


@pytest.mark.parametrize(("direction", "sample"), each_sample())
def test_a_sample_lies_in_the_file_of_its_type(direction: str, sample: Sample) -> None:
    assert json.loads(sample.text)["type"] == sample.type


@pytest.mark.parametrize("direction", ["cloud_to_glasses", "cloud_to_app"])
def test_what_the_server_sends_keeps_its_nulls(direction: str) -> None:
    for sample in list_samples(direction):
        message = DECODERS[direction](sample.text)
        assert isinstance(message, msgspec.Struct)
        assert json.loads(codec.encode(message)) == json.loads(sample.text), sample.name


@pytest.mark.parametrize("direction", DECODERS)
def test_samples_and_classes_are_the_same_vocabulary(direction: str) -> None:
    sampled = {sample.type for sample in list_samples(direction)}
    assert sampled == {message_type(each) for each in CLASSES[direction]}


@pytest.mark.parametrize("direction", DECODERS)
def test_no_two_classes_share_a_type(direction: str) -> None:
    types = [message_type(each) for each in CLASSES[direction]]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("direction", DECODERS)
def test_each_field_of_a_message_occurs_in_a_sample(direction: str) -> None:
    seen: dict[str, set[str]] = {}
    for sample in list_samples(direction):
        seen.setdefault(sample.type, set()).update(json.loads(sample.text))
    everywhere = {"sessionId", "packageName", "timestamp"}
    for each in CLASSES[direction]:
        assert set(each.__struct_encode_fields__) - everywhere <= seen[message_type(each)]


@pytest.mark.parametrize("sample", list_samples("webhooks"), ids=lambda sample: sample.name)
def test_a_webhook_body_keeps_every_field(sample: Sample) -> None:
    body = msgspec.json.decode(sample.text, type=WEBHOOK_BODIES[sample.type])
    assert json.loads(codec.encode(body)) == json.loads(sample.text)


def test_each_webhook_body_has_a_sample() -> None:
    assert {sample.type for sample in list_samples("webhooks")} == set(WEBHOOK_BODIES)


def test_a_class_without_a_type_says_so() -> None:
    with pytest.raises(TypeError, match="ToolCall has no wire type"):
        message_type(webhooks.ToolCall)
