"""What a person sees of a play: pictures one below the other, or one in the place of another."""

import json

from sessions_app.protocol.cloud_to_glasses import DisplayEvent
from sessions_app.protocol.codec import encode
from sessions_app.protocol.layouts import TextWall
from sessions_app.simulator.output import Output


def drawing(text: str, view: str = "main") -> str:
    return encode(
        DisplayEvent(
            package_name="com.example.captions", view=view, layout=TextWall(text=text), timestamp="x"
        )
    )


def test_pictures_follow_each_other() -> None:
    lines: list[str] = []
    output = Output(lines.append, as_json=False)
    for text in ("Turn", "Turn left."):
        output.watch("in", drawing(text))
    assert ["│ Turn " in line or "│ Turn left. " in line for line in lines] == [True, True]
    assert not any("\x1b" in line for line in lines)


def test_on_a_terminal_a_picture_takes_the_place_of_the_one_before() -> None:
    lines: list[str] = []
    output = Output(lines.append, as_json=False, in_place=True)
    for text in ("Turn\nnow", "Turn left.", "Then right."):
        output.watch("in", drawing(text))
    assert [line.partition("┌")[0] for line in lines] == ["", "\x1b[4F\x1b[J", "\x1b[3F\x1b[J"]


def test_a_picture_stays_when_something_stands_below_it() -> None:
    lines: list[str] = []
    output = Output(lines.append, as_json=False, in_place=True)
    output.watch("in", drawing("one"))
    output.note("The microphone is on.")
    output.watch("in", drawing("two"))
    output.keep_picture()
    output.watch("in", drawing("three"))
    assert not any("\x1b" in line for line in lines)


def test_each_view_is_seen_while_it_is_looked_at() -> None:
    lines: list[str] = []
    output = Output(lines.append, as_json=False)
    output.look("dashboard")
    assert lines == []
    output.look("main")
    for text, view in (("main 1", "main"), ("board 1 $GBATT$", "dashboard")):
        output.watch("in", drawing(text, view))
    assert len(lines) == 1
    output.look("dashboard")
    assert "(dashboard)" in lines[1]
    assert "board 1 100%" in lines[1]
    output.watch("in", drawing("main 2"))
    output.watch("in", drawing("board 2", "dashboard"))
    output.look("main")
    assert ["board 2" in lines[2], "main 2" in lines[3], len(lines)] == [True, True, 4]


def test_json_lines_are_whole_messages() -> None:
    lines: list[str] = []
    output = Output(lines.append, as_json=True, in_place=True)
    output.note("to nobody")
    output.watch("in", drawing("one"))
    output.watch("in", drawing("two"))
    assert [json.loads(line)["message"]["layout"]["text"] for line in lines] == ["one", "two"]
