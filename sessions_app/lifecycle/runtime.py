"""The hot state of a session, held by its owner: fields only. What is done with it stands in other modules."""

from dataclasses import dataclass

from sessions_app.app_runs.runs import AppRuns
from sessions_app.audio.intake import AudioIntake
from sessions_app.display.arbiter import Arbiter
from sessions_app.lifecycle.ears import Ears
from sessions_app.lifecycle.upkeep import Upkeep
from sessions_app.media.requests import HardwareRequests
from sessions_app.media.speaker import SpeakerStreams
from sessions_app.outbound.phone import PhoneSeat
from sessions_app.phone.data import PhoneData
from sessions_app.states import SessionRef
from sessions_app.streaming.camera import Camera


@dataclass(slots=True, eq=False, weakref_slot=True)
class SessionRuntime:
    """One session on its owner."""

    upkeep: Upkeep
    phone: PhoneSeat
    apps: AppRuns
    ears: Ears
    screen: Arbiter
    audio: AudioIntake
    data: PhoneData
    requests: HardwareRequests
    camera: Camera
    speaker: SpeakerStreams

    @property
    def ref(self) -> SessionRef:
        """Which session this is."""
        return self.upkeep.ref

    def close(self) -> None:
        """Stop every timer and forget every app, without a word to anybody but the speech worker.

        A snapshot that still waits to be written is dropped: it would overwrite that of the next owner.
        """
        if self.upkeep.snapshot is not None:
            self.upkeep.snapshot.close()
        self.apps.close()
        self.screen.close()
        self.audio.close()
        self.ears.leave()
        self.requests.close()
        self.camera.close()
        self.speaker.close()
        self.upkeep.transcript.close()
