"""Words: which engines recognise, translate and speak, and how speech workers do their work."""

import os
import socket

import environ

env = environ.Env()

# Names by commas; `xx=name` and `xx-YY=name` are for one language, plain names after the first are tried in order.
SPEECH_ENGINES = env.str("SPEECH_ENGINES", default="whisper")
SPEECH_TRANSLATORS = env.str("SPEECH_TRANSLATORS", default="embedded,apertium,whisper")
SPEECH_VOICES = env.str("SPEECH_VOICES", default="hibari,espeak")
SPEECH_MODEL_DIR = env.str("SPEECH_MODEL_DIR", default="")

# Texts that were read aloud, kept as MP3; "": in a folder of the data folder. 0 keeps none.
SPEECH_CACHE_DIR = env.str("SPEECH_CACHE_DIR", default="")
SPEECH_CACHE_MEGABYTES = env.int("SPEECH_CACHE_MEGABYTES", default=200)

# Where a worker listens, and the address under which nodes on other machines reach it.
SPEECH_WORKER_ID = env.str("SPEECH_WORKER_ID", default=f"{socket.gethostname()}-{os.getpid()}")
SPEECH_HOST = env.str("SPEECH_HOST", default="127.0.0.1")
SPEECH_PORT = env.int("SPEECH_PORT", default=0)
SPEECH_ADVERTISE_HOST = env.str("SPEECH_ADVERTISE_HOST", default="")

# What one worker takes on.
SPEECH_THREADS = env.int("SPEECH_THREADS", default=os.cpu_count() or 1)
SPEECH_NICE = env.int("SPEECH_NICE", default=5)
SPEECH_MOST_CHANNELS = env.int("SPEECH_MOST_CHANNELS", default=200)
SPEECH_MOST_SPEAKING = env.int("SPEECH_MOST_SPEAKING", default=8)
# With its processors in use and finals this late for ten seconds, a worker takes no further session.
SPEECH_LATE_SECONDS = env.float("SPEECH_LATE_SECONDS", default=3.0)

# Utterances. `silero` hears speech by a model, `energy` by loudness alone.
SPEECH_VAD = env.str("SPEECH_VAD", default="silero")
SPEECH_SILENCE_SECONDS = env.float("SPEECH_SILENCE_SECONDS", default=0.5)
SPEECH_UTTERANCE_SECONDS = env.float("SPEECH_UTTERANCE_SECONDS", default=15.0)
SPEECH_LEAST_SPEECH_SECONDS = env.float("SPEECH_LEAST_SPEECH_SECONDS", default=0.25)
SPEECH_MISSING_SECONDS = env.float("SPEECH_MISSING_SECONDS", default=1.5)
SPEECH_FINAL_SECONDS = env.float("SPEECH_FINAL_SECONDS", default=10.0)
SPEECH_MOST_WAITING_SECONDS = env.float("SPEECH_MOST_WAITING_SECONDS", default=30.0)

# Faults of the scripted engine, for tests: `hang:3` never ends its third utterance, `fail:2` fails at its second.
SPEECH_SCRIPT_FAULT = env.str("SPEECH_SCRIPT_FAULT", default="")
