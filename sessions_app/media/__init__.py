"""Photos, sound out, lights and camera streams: requests to the hardware."""
