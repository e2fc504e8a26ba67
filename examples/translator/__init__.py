"""Translator: what is said near the wearer, in a language of their choice."""
