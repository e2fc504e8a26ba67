"""Requests to the hardware."""
