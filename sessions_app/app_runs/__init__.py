"""An app in a session: starting, stopping, losing and regaining it, and calling its server."""
