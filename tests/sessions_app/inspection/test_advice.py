"""No error without a way out of it."""

import re

from sessions_app.inspection.advice import ADVICE, Hop, advice_for
from sessions_app.inspection.problems import CallProblem
from sessions_app.inspection.reading import FAILED
from sessions_app.protocol.codes import DeferCode, ErrorCode, RejectCode


def test_every_code_the_cloud_sends_has_its_advice() -> None:
    codes = {*ErrorCode, *RejectCode, *DeferCode, *CallProblem, FAILED}
    assert set(ADVICE) == codes
    assert {advice.hop for advice in ADVICE.values()} == set(Hop)


def test_advice_is_short_and_made_of_sentences() -> None:
    odd = [text for _, text in ADVICE.values() if len(text) > 120 or not re.fullmatch(r"[A-Z].+\.", text)]
    assert not odd


def test_a_code_of_somebody_else_has_some_advice_and_no_code_has_none() -> None:
    assert advice_for("MADE_UP") is not None
    assert advice_for("") is None
    assert advice_for("CAMERA_BUSY") == ADVICE[ErrorCode.CAMERA_BUSY]
