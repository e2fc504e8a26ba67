"""Phone and glasses: what they are, where they are, in what state."""
