"""How a call can fail, and where."""

import pytest

from sessions_app.inspection.problems import STAGES, CallProblem, Stage, problem_of_status


def test_every_problem_has_its_stage() -> None:
    assert set(STAGES) == set(CallProblem)
    assert set(STAGES.values()) == set(Stage)


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (200, None),
        (204, None),
        (302, CallProblem.REDIRECT),
        (401, CallProblem.NOT_ALLOWED),
        (404, CallProblem.NO_SUCH_PATH),
        (429, CallProblem.TOO_MANY_CALLS),
        (418, CallProblem.CLIENT_ERROR),
        (500, CallProblem.SERVER_ERROR),
        (599, CallProblem.SERVER_ERROR),
        (799, CallProblem.SERVER_ERROR),
    ],
)
def test_a_status_is_judged_by_what_helps_the_developer(status: int, problem: CallProblem | None) -> None:
    assert problem_of_status(status) == problem
