"""Testing mini apps: glasses that a test plays with.

`MemoryCloud` calls a whole app and is called by it, over real sockets; `FakeSession` is a session for testing a
function without either. Both hand out the same `Glasses`. `mentra_sdk.testing.plugin` has fixtures for pytest.
"""

from mentra_sdk.testing.cloud import MemoryCloud
from mentra_sdk.testing.fake_session import FakeSession
from mentra_sdk.testing.glasses import Glasses
from mentra_sdk.testing.screen import Drawing

__all__ = ["Drawing", "FakeSession", "Glasses", "MemoryCloud"]
