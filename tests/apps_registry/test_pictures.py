"""How pictures are served."""

import pytest
from django.test import Client

from apps_registry.services import set_icon
from tests.support.images import picture
from tests.support.personas import make_app


@pytest.mark.django_db
def test_a_picture_is_public_for_ever_and_nothing_but_a_picture() -> None:
    icon = set_icon(app=make_app().app, data=picture())
    answer = Client().get(f"/media/pictures/{icon.name}")
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "name", ["x.png", "0" * 64, f"{'0' * 64}.png", f"{'0' * 64}.svg", "..%2F..%2Fsecrets.json", "a/b.png"]
)
def test_other_names_lead_nowhere(name: str) -> None:
    assert Client().get(f"/media/pictures/{name}").status_code == 404
