"""A person's data in all rooms: a copy of it, and its end (rest §8)."""
