"""Glasses in the browser: a page that plays phone and glasses over the public protocol, with one's own token."""
