"""Tests that run at once do not get each other's ports."""

from tests.support.ports import FIRST, LAST, PARTS, Ports, ports_of


def test_no_port_comes_twice_before_all_others_came() -> None:
    ports = Ports(100, 110)
    assert sorted(ports.take(1) for _ in range(10)) == list(range(100, 110))


def test_neighbours_are_of_the_part() -> None:
    ports = Ports(100, 110)
    for _ in range(20):
        assert 100 <= ports.take(3) <= 107


def test_each_process_has_a_part_of_its_own() -> None:
    parts = [
        {ports.take(1) for _ in range((LAST - FIRST) // PARTS)}
        for ports in map(ports_of, ("gw0", "gw1", "gw7"))
    ]
    assert len(set[int]().union(*parts)) == sum(map(len, parts))
    assert all(FIRST <= port < LAST for part in parts for port in part)
    assert {ports_of("").take(1) for _ in range(1)} <= parts[0]
