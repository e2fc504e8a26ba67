"""REST of the runtime: what phones ask beside their socket (rest §2)."""
