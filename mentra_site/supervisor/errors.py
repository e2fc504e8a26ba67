"""The one way in which `up` refuses to start."""


class StartFailed(Exception):
    """`up` cannot run; the text is one sentence for the operator, saying what to do."""
