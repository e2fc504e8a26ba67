"""REST for the console, the command line, the store and operators (rest §5, §10 to §13)."""
