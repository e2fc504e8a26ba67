"""What an app record may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps_registry.errors import RegistryError
from apps_registry.rules import AppType, StoreStatus, is_package_name, name_from_package, refuse_install
from apps_registry.rules.apps import (
    MAX_NAME_CHARACTERS,
    validate_choice,
    validate_description,
    validate_link,
    validate_name,
    validate_package_name,
    validate_public_url,
)


@pytest.mark.parametrize(
    "name", ["com.example.app", "a.b", "org.my-app.v2_beta", "4you.app", " com.example.app "]
)
def test_reverse_domain_names_pass(name: str) -> None:
    assert validate_package_name(name) == name.strip()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "app",
        "com.",
        ".com",
        "Com.Example",
        "com..x",
        "com.exa mple",
        "com.é",
        "a." + "b" * 200,
        "a.b\n.c",
        7,
        None,
    ],
)
def test_other_package_names_are_refused_with_an_example(name: object) -> None:
    with pytest.raises(RegistryError, match=r"com\.example\.myapp") as refused:
        validate_package_name(name)
    assert refused.value.field == "package_name"


@pytest.mark.parametrize(
    ("given_url", "stored"),
    [
        ("https://app.example", "https://app.example"),
        ("https://app.example/", "https://app.example"),
        (" http://127.0.0.1:7010// ", "http://127.0.0.1:7010"),
        ("http://10.0.0.4/apps/captions/", "http://10.0.0.4/apps/captions"),
        ("http://[::1]:80", "http://[::1]:80"),
        ("HTTP://Host", "HTTP://Host"),
    ],
)
def test_a_public_url_loses_its_trailing_slash(given_url: str, stored: str) -> None:
    assert validate_public_url(given_url) == stored


@pytest.mark.parametrize("url", ["https://app.example/webhook", "https://app.example/x/webhook/"])
def test_a_public_url_must_not_end_in_webhook(url: str) -> None:
    with pytest.raises(RegistryError, match="Leave /webhook off"):
        validate_public_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "app.example",
        "ftp://app.example",
        "https://",
        "https:///path",
        "http://user:pass@app.example",
        "http://app.example:notaport",
        "http://app.example:99999",
        "http://[::1",
        "http://app.example/a b",
        "http://app.example\\@evil.example",
        "javascript:alert(1)",
        "http://a\x00b",
        "https://x.example/" + "a" * 500,
        None,
        7,
    ],
)
def test_what_is_no_web_address_is_refused(url: object) -> None:
    with pytest.raises(RegistryError, match="http:// or https://"):
        validate_public_url(url)


@pytest.mark.parametrize("url", ["https://app.example/?a=1", "https://app.example/#top"])
def test_a_public_url_is_a_base_address(url: str) -> None:
    with pytest.raises(RegistryError, match="no [?] or # part"):
        validate_public_url(url)


@given(st.text())
def test_any_text_is_a_url_or_refused(text: str) -> None:
    try:
        url = validate_public_url(text)
    except RegistryError as error:
        assert error.field == "public_url"
    else:
        assert validate_public_url(url) == url


def test_a_link_is_optional_and_may_have_a_query() -> None:
    assert validate_link("logo_url", None) == validate_link("logo_url", "") == ""
    assert validate_link("logo_url", "https://x.example/l.png?v=2") == "https://x.example/l.png?v=2"
    with pytest.raises(RegistryError, match="logo_url"):
        validate_link("logo_url", "l.png")


@pytest.mark.parametrize("name", ["", "  ", "x" * (MAX_NAME_CHARACTERS + 1), "a\x00b", "\ud800", None, 7])
def test_a_name_is_a_short_text(name: object) -> None:
    with pytest.raises(RegistryError) as refused:
        validate_name(name)
    assert refused.value.field == "name"


def test_a_description_may_be_empty() -> None:
    assert validate_description("") == ""
    assert validate_description(" Shows text. ") == "Shows text."


def test_a_choice_lists_what_is_possible() -> None:
    assert validate_choice("app_type", "standard", AppType) == "standard"
    with pytest.raises(RegistryError, match="background, standard, system_dashboard"):
        validate_choice("app_type", "foreground", AppType)
    with pytest.raises(RegistryError):
        validate_choice("app_type", ["standard"], AppType)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("com.example.live_captions", "Live captions"),
        ("a.b-c", "B c"),
        ("a.__", "a.__"),
        ("com.example.hello", "Hello"),
    ],
)
def test_a_package_name_makes_a_name(package: str, name: str) -> None:
    assert name_from_package(package) == name


@given(st.from_regex(r"[a-z0-9]+(\.[a-z0-9_-]+)+", fullmatch=True))
def test_every_package_name_makes_a_valid_name(package: str) -> None:
    if is_package_name(package):
        assert validate_name(name_from_package(package))


@pytest.mark.parametrize("status", list(StoreStatus))
def test_members_may_install_whatever_the_status(status: str) -> None:
    assert refuse_install(store_status=status, is_deprecated=False, is_member=True) is None


@pytest.mark.parametrize("status", list(StoreStatus))
def test_strangers_may_install_published_apps_only(status: str) -> None:
    refusal = refuse_install(store_status=status, is_deprecated=False, is_member=False)
    assert (refusal is None) == (status == StoreStatus.PUBLISHED)


def test_nobody_installs_a_deprecated_app() -> None:
    assert refuse_install(store_status="PUBLISHED", is_deprecated=True, is_member=True)
