"""One function per inbound message. A handler never waits: what takes time becomes a task of the session."""
