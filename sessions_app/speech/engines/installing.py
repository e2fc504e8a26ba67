"""What to say when an engine of this machine is not installed."""

from typing import Final

NOT_INSTALLED: Final = (
    "The speech engines are not installed; run `make run` or `pip install -r requirements-speech.txt`"
)
