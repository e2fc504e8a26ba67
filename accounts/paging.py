"""Pages of tables that grow without end: nothing counts further than people would ever turn pages."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST_COUNTED = 5_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts at most 5,000 rows, so that a page costs the same however long its table is.

    What lies further back is found by filters and search.
    """

    @cached_property
    def count(self) -> int:
        """Return the number of rows that can be turned to."""
        return int(self.object_list[:MOST_COUNTED].count())  # type: ignore[attr-defined]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than were counted."""
        return self.count == MOST_COUNTED
