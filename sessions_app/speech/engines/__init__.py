"""Engines that turn speech into text, embedded and hosted, one per module."""
