"""Where Django's admin looks for pages: those of the Developer Console register themselves on its own site."""

from consoles.developer import app_pages, key_pages

__all__ = ["app_pages", "key_pages"]
