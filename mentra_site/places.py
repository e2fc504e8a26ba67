"""Where the cloud's own files are: in a working copy, or beside other packages where a wheel put them. No Django here.

A wheel keeps what the demo shows in `mentra_site/bundled`, so that nothing but our packages gets a name of its own.
"""

import sys
from pathlib import Path

PACKAGES = Path(__file__).resolve().parent.parent
IS_WORKING_COPY = (PACKAGES / "manage.py").is_file()
_BUNDLED = Path(__file__).resolve().parent / "bundled"

# The folder of `.env` and, unless told otherwise, of the data folder: installed, it is where the command was given.
HOME = PACKAGES if IS_WORKING_COPY else Path.cwd()
# The folder that holds the package `examples`.
EXAMPLES_HOME = PACKAGES if IS_WORKING_COPY else _BUNDLED
SPEECH_SAMPLE = (PACKAGES / "tests" / "data" / "speech" if IS_WORKING_COPY else _BUNDLED) / (
    "sense_and_sensibility_1.wav"
)
# How a process of the cloud starts another one, and what a person types for the same.
COMMAND = (
    sys.executable,
    *((str(PACKAGES / "manage.py"),) if IS_WORKING_COPY else ("-P", "-m", "glasses_cloud")),
)
TYPED_COMMAND = (
    (Path(sys.executable), PACKAGES / "manage.py")
    if IS_WORKING_COPY
    else (Path(sys.executable).with_name("glasses-cloud"),)
)
