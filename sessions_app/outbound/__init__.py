"""The only door out: to phones, to apps, to the owner of a session, to other nodes."""
