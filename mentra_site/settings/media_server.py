"""Live video: which server takes it in and plays it, and how our own one runs."""

import environ

env = environ.Env()

# `local` is our own (`manage.py media_server`, or `up --media`), `cloudflare` is Cloudflare Stream; "": no live video.
MEDIA_SERVER = env.str("MEDIA_SERVER", default="")
# Where nodes reach our own one. The secret is shared; "": one that follows from DJANGO_SECRET_KEY.
MEDIA_SERVER_URL = env.str("MEDIA_SERVER_URL", default="http://127.0.0.1:8100").rstrip("/")
MEDIA_SERVER_SECRET = env.str("MEDIA_SERVER_SECRET", default="")

# Where our own one listens. SRT takes a UDP port for each live input, from the first one on; 0: no SRT.
MEDIA_SERVER_HOST = env.str("MEDIA_SERVER_HOST", default="127.0.0.1")
MEDIA_SERVER_PORT = env.int("MEDIA_SERVER_PORT", default=8100)
MEDIA_RTMP_PORT = env.int("MEDIA_RTMP_PORT", default=1935)
MEDIA_SRT_PORT = env.int("MEDIA_SRT_PORT", default=10080)
MEDIA_SRT_COUNT = env.int("MEDIA_SRT_COUNT", default=20)
# What browsers and glasses are told; "": where it listens, or the host of PUBLIC_URL when that is everywhere.
MEDIA_PLAYBACK_URL = env.str("MEDIA_PLAYBACK_URL", default="").rstrip("/")
MEDIA_INGEST_HOST = env.str("MEDIA_INGEST_HOST", default="")
MEDIA_RTMP_URL = env.str("MEDIA_RTMP_URL", default="").rstrip("/")
# Segments of the last seconds and the keys; "": in a folder of the data folder.
MEDIA_FOLDER = env.str("MEDIA_FOLDER", default="")
MEDIA_FFMPEG = env.str("MEDIA_FFMPEG", default="")
MEDIA_MOST_INPUTS = env.int("MEDIA_MOST_INPUTS", default=100)

CLOUDFLARE_ACCOUNT_ID = env.str("CLOUDFLARE_ACCOUNT_ID", default="")
CLOUDFLARE_STREAM_TOKEN = env.str("CLOUDFLARE_STREAM_TOKEN", default="")
CLOUDFLARE_API_URL = env.str("CLOUDFLARE_API_URL", default="https://api.cloudflare.com/client/v4")

# Live inputs that a phone asks for itself: how many one person may have, and when one that nobody uses is removed.
MEDIA_INPUTS_PER_USER = env.int("MEDIA_INPUTS_PER_USER", default=5)
MEDIA_IDLE_MINUTES = env.float("MEDIA_IDLE_MINUTES", default=60)
