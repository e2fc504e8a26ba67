"""REST of the catalogue for phones and app servers: who looks at an app's page (rest §3)."""
