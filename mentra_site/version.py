"""The version of the cloud, for nodes, probes and package indexes."""

__version__ = "0.1.0"
