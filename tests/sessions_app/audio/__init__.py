"""The microphone and the audio that comes from it."""
