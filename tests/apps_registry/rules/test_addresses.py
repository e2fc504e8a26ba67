"""Which addresses are called."""

import pytest

from apps_registry.rules import is_public_address


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_public_internet_is_called(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "::1", "0.0.0.0", "::"),  # noqa: S104
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "fd00::1", "fec0::1"),
        *("169.254.169.254", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "168.63.129.16", "192.0.0.192"),
        *("100.64.0.1", "100.100.100.200"),
        *("224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"),
        *("255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1", "2001:db8::1", "192.88.99.1"),
    ],
)
def test_networks_of_somebody_are_not(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1"),
    ],
)
def test_ipv6_is_no_disguise(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("text", ["example.com", "2130706433", "0177.0.0.1", "127.1", ""])
def test_anything_else_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear"):
        is_public_address(text)
