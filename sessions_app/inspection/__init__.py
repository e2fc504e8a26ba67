"""What developers may see of the traffic of their apps: kept a day, in bounds, for the person it belongs to."""
