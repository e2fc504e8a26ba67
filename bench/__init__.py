"""What the cloud costs: CPU and bytes per operation, beside a relay that does nothing else; how nodes stand in for each other.

Drives real processes from outside, over loopback. Nothing of the cloud imports it.
"""
