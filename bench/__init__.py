"""What the cloud costs, and how fast its nodes stand in for each other.

CPU and bytes per operation, beside a relay that does nothing else. Drives real processes from outside, over loopback.
Nothing of the cloud imports it.
"""
