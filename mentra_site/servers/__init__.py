"""One node's listening process: Daphne or uvicorn round one ASGI application. Knows no message."""
