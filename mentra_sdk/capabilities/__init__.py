"""What a mini app can do with a user's glasses and phone: one class per capability.

Each gets the few things it needs (the stream listeners, a way to send); none knows the session or a socket.
"""
