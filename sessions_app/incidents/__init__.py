"""What people report: stored at once, completed by workers, shown to operators and in part to developers."""
