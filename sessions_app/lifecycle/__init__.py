"""The session: opening, losing, resuming and disposing it, and the hot state its owner holds."""
