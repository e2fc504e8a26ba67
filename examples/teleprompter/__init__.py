"""Teleprompter: a script that scrolls with what the wearer says."""
