"""Tests of the wire. They run without Django."""
