"""One script of expectations for an app, played at three servers; and exchanges of the official SDK, recorded."""
