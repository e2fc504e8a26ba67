"""Subscriptions: what is accepted and who hears what."""
