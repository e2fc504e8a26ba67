"""The timeline of a session, drawn from its history: what moves mean, where they stand, how they are read."""
