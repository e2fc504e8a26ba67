"""Every message and every endpoint of the protocol is here and tested, or is an exception with a reason.

`messages.txt` and `endpoints.txt` name what the protocol has and a test that plays it; `docs/protocol.md` has the
exceptions. `managers.txt` does so for what the official SDKs offer, `pitfalls.txt` for known defects of other clouds;
they know no exceptions.
`python -m tests.protocol.coverage` prints the state of each.
"""
