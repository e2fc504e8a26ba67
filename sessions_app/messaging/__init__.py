"""What users of one app say to each other: rules, rooms and who is there. Knows no socket."""
