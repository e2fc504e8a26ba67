"""Every message and every endpoint of the protocol is here and tested, or is an exception with a reason.

`messages.txt` and `endpoints.txt` name what the protocol has and a test that plays it; `docs/protocol.md` has the
exceptions.
`python -m tests.protocol.coverage` prints the state of both.
"""
