"""What the cloud costs: CPU and bytes per operation of one node, beside a relay that does nothing else.

Drives real processes from outside, over loopback. Nothing of the cloud imports it.
"""
