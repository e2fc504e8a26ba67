"""Live video of the glasses: the one camera stream of a session, direct or managed (media.md §5, §6)."""
