"""Notifications reader: what the phone announces, on the glasses and, when the wearer asks, read aloud."""
