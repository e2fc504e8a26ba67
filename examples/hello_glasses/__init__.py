"""Hello glasses: greets the wearer, tells the time, answers buttons and speech."""
