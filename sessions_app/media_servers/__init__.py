"""Servers that take video from glasses and play it to browsers: ours, or a hosted one, behind one interface."""
