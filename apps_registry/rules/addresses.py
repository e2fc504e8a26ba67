"""Which IP addresses this cloud calls when a developer chose the URL. Pure; pitfalls P-62."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Global by the book, yet inside somebody's network: metadata of clouds, and ranges the standard library lets through.
_NEVER_CALLED = tuple(
    ip_network(text)
    for text in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "5f00::/16", "64:ff9b:1::/48")
)
_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = IPv6Network("::/96")


def is_public_address(text: str) -> bool:
    """Say whether an IP address is one of a single machine on the public internet; ValueError for other text.

    Not public: private, loopback, link-local, metadata, shared (CGNAT), multicast, reserved and unspecified ranges, and
    IPv6 forms that carry an IPv4 address of such a range.
    """
    return _is_public(ip_address(text))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = _carried(address)
        if inner is not None:
            return _is_public(inner)
        if address.is_site_local:
            return False
    if address.is_multicast or any(address in network for network in _NEVER_CALLED):
        return False
    return address.is_global


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address a packet to this one may end at, if there is one."""
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
