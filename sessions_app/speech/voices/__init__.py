"""Voices that read text aloud, one per module, and what becomes of their sound."""
