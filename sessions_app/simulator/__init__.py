"""A phone and glasses in software: the client end of the glasses socket.

Used by tests, load tests, `simulate_glasses` and the console. Knows the wire, nothing of the server.
"""
