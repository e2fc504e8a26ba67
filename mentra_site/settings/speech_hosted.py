"""Companies that recognise, translate or speak for this cloud: their keys, addresses and models. None without a key."""

import environ

env = environ.Env()

SPEECH_HOSTED_IDLE_SECONDS = env.float("SPEECH_HOSTED_IDLE_SECONDS", default=20.0)

DEEPGRAM_API_KEY = env.str("DEEPGRAM_API_KEY", default="")
DEEPGRAM_URL = env.str("DEEPGRAM_URL", default="wss://api.deepgram.com/v1/listen")
DEEPGRAM_MODEL = env.str("DEEPGRAM_MODEL", default="nova-3")

SONIOX_API_KEY = env.str("SONIOX_API_KEY", default="")
SONIOX_URL = env.str("SONIOX_URL", default="wss://stt-rt.soniox.com/transcribe-websocket")
SONIOX_MODEL = env.str("SONIOX_MODEL", default="stt-rt-v5")
SONIOX_TRANSLATES_TO: list[str] = env.list("SONIOX_TRANSLATES_TO", default=[])

DEEPL_API_KEY = env.str("DEEPL_API_KEY", default="")
DEEPL_URL = env.str("DEEPL_URL", default="")

ELEVENLABS_API_KEY = env.str("ELEVENLABS_API_KEY", default="")
ELEVENLABS_URL = env.str("ELEVENLABS_URL", default="https://api.elevenlabs.io")
ELEVENLABS_VOICE_ID = env.str("ELEVENLABS_VOICE_ID", default="JBFqnCBsd6RMkjVDRZzb")
