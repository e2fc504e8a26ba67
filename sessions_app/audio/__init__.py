"""Sound in: what the microphone shall do and the audio that comes from it."""
