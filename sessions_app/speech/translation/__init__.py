"""Translators of text, one per module, and which of them serves a pair of languages."""
