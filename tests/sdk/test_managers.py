"""What the installed SDKs themselves say that a session has is what is tested here, plainly and by TLS."""

import re

import pytest

from tests.protocol.coverage.lists import read_list
from tests.sdk.packages import Family, Program
from tests.sdk.parts import PARTS

DECLARATIONS = {
    Family.A: "app/session/index.d.ts",
    Family.B: "app/session/index.d.ts",
    Family.C: "session/MentraSession.d.ts",
}
# What a session holds beside its managers.
BESIDE = {"appServer", "logger", "transport", "userId"}


@pytest.fixture
def offered(programs: dict[Family, Program], family: Family) -> set[str]:
    """The public fields of the session class, as the package declares them."""
    package = programs[family].folder / "node_modules" / "@mentra" / "sdk" / "dist"
    declared = (package / DECLARATIONS[family]).read_text(encoding="utf-8")
    return set(re.findall(r"^    readonly (\w+):", declared, re.MULTILINE)) - BESIDE


def test_each_manager_has_a_plain_test(offered: set[str], family: Family) -> None:
    assert offered == {
        name for owner, name in (one.name.split() for one in read_list("managers.txt")) if owner == family
    }


def test_each_manager_is_used_by_tls(offered: set[str], family: Family) -> None:
    assert offered == set(PARTS[family])
