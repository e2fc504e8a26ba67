"""RTMP as far as a server needs it that only takes video in (Adobe's RTMP specification 1.0)."""
