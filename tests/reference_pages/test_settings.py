"""The page of settings follows the code: every variable that is read is described, and shown with its default."""

from pathlib import Path

from reference_pages.settings import described, read_settings, settings_page

MODULE = """
import environ
env = environ.Env()
_REQUIRED = ("NAME",)
A = env.str("NAME", default="")
B = env.int("SIZE", default=16 * 1024)
C = env.bool("IS_ON", default=True)
D = env.list("HOSTS", default=["*"])
E = env.str("MADE", default=str(A))
"""


def test_every_setting_is_described_and_every_description_is_of_a_setting() -> None:
    named = [name for entries in described().values() for entry in entries for name in entry.names]
    assert len(named) == len(set(named))
    assert set(named) == set(read_settings())
    assert [entry for entries in described().values() for entry in entries if len(entry.meaning) < 10] == []


def test_type_and_default_are_read_from_the_code(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(MODULE)
    (tmp_path / "dev.py").write_text('IS_ON = env.bool("IS_ON", default=False)')
    found = read_settings(tmp_path)
    assert {name: (each.kind, each.default) for name, each in found.items()} == {
        "NAME": ("str", "none"),
        "SIZE": ("int", "16384"),
        "IS_ON": ("bool", "on"),
        "HOSTS": ("list", "`*`"),
        "MADE": ("str", None),
    }
    assert [name for name, each in found.items() if each.is_required] == ["NAME"]
    assert found["IS_ON"].elsewhere == {"in development": "off"}


def test_a_default_in_words_is_there_where_the_code_computes_it() -> None:
    readings = read_settings()
    silent = [
        entry.names
        for entries in described().values()
        for entry in entries
        if not entry.default
        and any(readings[name].default is None and not readings[name].elsewhere for name in entry.names)
    ]
    assert silent == []


def test_the_page_shows_what_a_reader_looks_for() -> None:
    page = settings_page()
    assert "| `SESSION_GRACE_SECONDS` | number | 300 | how long a session waits for its phone |" in page
    assert "`handover`; `dispose` in development" in page
    assert "| `REDIS_URL` | text | private Redis of `up`; required in production |" in page
