"""Each error becomes the answer that rest §1 and §10 give it; nothing of the inside is told."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.module_loading import import_string
from rest_framework import serializers
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.response import Response

from accounts.api.authentication import TokenRefused
from accounts.api.refusals import answer_refusal, without_success
from accounts.errors import TooManyRequests
from apps_registry.errors import AppNotFound, PackageNameTaken, RegistryError


def refuse(error: Exception, view: object = None) -> Response:
    answer = answer_refusal(error, {"view": view})
    assert answer is not None
    return answer


class StoreLike:
    wording = staticmethod(without_success)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AppNotFound("com.example.none"), 404),
        (PackageNameTaken("com.example.taken"), 409),
        (RegistryError("name", "Give the app a name."), 400),
    ],
)
def test_errors_of_the_rooms_keep_their_sentence(error: Any, status: int) -> None:
    answer = refuse(error)
    assert (answer.status_code, answer.data) == (status, {"error": error.message})


def test_the_store_words_refusals_in_its_own_way() -> None:
    assert refuse(RegistryError("name", "No."), StoreLike()).data == {"success": False, "message": "No."}


def test_a_refused_token_is_worded_alike_everywhere() -> None:
    answer = refuse(TokenRefused("Invalid token", "It was withdrawn."), StoreLike())
    assert answer.data == {"error": "Invalid token", "message": "It was withdrawn."}


@pytest.mark.parametrize(
    ("error", "status"), [(Http404(), 404), (PermissionDenied(), 403), (RequestDataTooBig(), 413)]
)
def test_errors_of_the_framework_have_their_status(error: Exception, status: int) -> None:
    assert refuse(error).status_code == status


def test_who_must_wait_is_told_how_long() -> None:
    assert refuse(Throttled(wait=2.1))["Retry-After"] == "3"
    too_often = refuse(TooManyRequests("You did it too often.", 500))
    assert (too_often.status_code, too_often["Retry-After"]) == (429, "500")


def test_a_defect_of_ours_is_no_answer() -> None:
    assert answer_refusal(KeyError("secret"), {}) is None


class Inner(serializers.Serializer[Any]):
    url = serializers.CharField()


class Outer(serializers.Serializer[Any]):
    name = serializers.CharField()
    links = Inner(many=True)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "name: This field is required."),
        ({"name": "x", "links": [{"url": "y"}, {}]}, "links.1.url: This field is required."),
        ({"name": "x", "links": 3}, 'links: Expected a list of items but got type "int".'),
    ],
)
def test_a_bad_body_is_told_field_by_field(body: Mapping[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Outer(data=body).is_valid(raise_exception=True)
    assert refuse(refusal.value).data == {"error": sentence}


def test_the_table_names_errors_that_exist() -> None:
    for name in settings.REST_ERRORS:
        assert issubclass(import_string(name), Exception), name


@pytest.mark.parametrize("room", ["accounts", "apps_registry"])
def test_every_error_of_a_room_has_an_answer(room: str) -> None:
    module = import_module(f"{room}.errors")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    named = [import_string(name) for name in settings.REST_ERRORS]
    assert [kind for kind in kinds if not issubclass(kind, tuple(named))] == []
