"""The display: rules and arbiter."""
