"""Photo describer: takes a photo at the button and says what a pluggable model makes of it."""
