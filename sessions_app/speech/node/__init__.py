"""The part of speech in a node: where workers are, one connection to each, the streams of each session."""
