"""Settings by purpose: base is shared; dev, test and prod add what differs."""
