"""What was said, kept for the person who said or heard it: writing, reading and forgetting final words."""
