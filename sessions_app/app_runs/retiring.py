"""Apps of earlier sessions that do not come back: when they leave the list of those that are tried again (P-16)."""

from sessions_app.app_runs.seat import Surroundings
from sessions_app.app_runs.services import note_failed_restore, retire_app
from sessions_app.errors import RefusedStart

# Stages of lifecycle §5. The user may not run the app, so its server is not even called …
_UNFIT = ("NOT_FOUND", "DEPRECATED", "HARDWARE_CHECK")
# … or it was to run and its server did not bring it up. A stop by the user or a move of the session is neither.
_FAILED = ("WEBHOOK", "TIMEOUT", "AUTHENTICATION")


def app_not_restored(around: Surroundings, package_name: str, refusal: RefusedStart) -> None:
    """Have it noted that an app of the last session could not be brought back; the phone is told nothing of it.

    One that may not run leaves the list at once, one that failed does when it failed on several days.
    """
    why = f"{refusal.stage}: {refusal.message}"
    if refusal.stage in _UNFIT:
        work = retire_app
    elif refusal.stage in _FAILED:
        work = note_failed_restore
    else:
        return
    around.journal.write(work, ref=around.ref, package_name=package_name, why=why, now=around.clock.now())
