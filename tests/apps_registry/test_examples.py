"""The examples that come with the cloud: what each is registered with, and that it is all there."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from apps_registry.examples import Example, find_example, list_examples

ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_of_an_example_is_one_with_its_own_port_and_a_program() -> None:
    examples = list_examples()
    folders = {path.parent.name for path in (ROOT / "examples").glob("*/__init__.py")}
    assert {example.folder for example in examples} == folders
    assert len({example.port for example in examples}) == len(examples)
    for example in examples:
        assert example.name
        assert example.description.endswith(".")
        program = (ROOT / "examples" / example.folder / "__main__.py").read_text()
        assert f"DEFAULT_PORT = {example.port}" in program
        assert f"`python -m {example.module}`" in program


@pytest.mark.parametrize("example", list_examples(), ids=lambda example: example.folder)
def test_its_readme_tells_how_to_register_run_and_wear_it(example: Example) -> None:
    readme = (ROOT / "examples" / example.folder / "README.md").read_text()
    command = readme[readme.index("python manage.py create_app") :].split("```")[0]
    assert f"--url {example.details['public_url']} " in command
    assert f'--name "{example.name}"' in command
    assert f"--type {example.details['app_type']}" in command
    for permission in example.details["permissions"]:
        assert f"--permission {permission['type']}" in command
    assert f"PORT={example.port}" in readme
    assert f"-m {example.module}" in readme
    assert "## How it is built" in readme


def test_the_list_of_examples_names_each_with_its_permissions() -> None:
    listed = (ROOT / "examples" / "README.md").read_text()
    for example in list_examples():
        row = next(line for line in listed.splitlines() if f"]({example.folder}/" in line)
        assert f"[{example.name}]" in row
        for permission in example.details["permissions"]:
            assert permission["type"] in row


def test_its_page_moves_with_the_address() -> None:
    example = find_example("todo_list")
    assert example is not None
    placed = example.details_at("https://todo.example/glasses")
    assert (placed["public_url"], placed["webview_url"]) == (
        "https://todo.example/glasses",
        "https://todo.example/",
    )
    assert "webview_url" not in Example("x", {"public_url": "http://127.0.0.1"}).details_at(
        "http://a.example"
    )


def test_a_cloud_without_examples_has_none(settings: Settings, tmp_path: Path) -> None:
    settings.EXAMPLES_HOME = tmp_path
    assert list_examples() == ()
    assert find_example("translator") is None
