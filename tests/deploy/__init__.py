"""What is in deploy/ agrees with the product: commands, settings, ports, probes, names."""
