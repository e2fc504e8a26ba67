"""The delays of an event loop between two looks at its metrics."""

import pytest

from bench.loop_delays import delay_within, read

PAGE = """
# TYPE mentra_event_loop_delay_seconds histogram
mentra_event_loop_delay_seconds_bucket{le="0.001"} 900.0
mentra_event_loop_delay_seconds_bucket{le="0.05"} 999.0
mentra_event_loop_delay_seconds_bucket{le="+Inf"} 1000.0
mentra_event_loop_delay_seconds_count 1000.0
"""


def test_the_buckets_are_read_from_a_page() -> None:
    assert read(PAGE) == {0.001: 900, 0.05: 999, float("inf"): 1000}


@pytest.mark.parametrize(("share", "bound"), [(0.5, 0.001), (0.999, 0.05), (1.0, float("inf"))])
def test_the_bound_is_that_of_the_bucket_in_which_the_share_is_reached(share: float, bound: float) -> None:
    assert delay_within({}, read(PAGE), share) == bound


def test_only_what_came_between_the_two_looks_counts() -> None:
    after = {0.001: 900.0, 0.05: 1099.0, float("inf"): 1100.0}
    assert delay_within(read(PAGE), after, 0.999) == 0.05
    assert delay_within(read(PAGE), read(PAGE), 0.999) == 0.001
