"""Where Django's admin looks for pages: each registers itself on its site."""

from consoles.developer import app_pages
from consoles.developer import audit_pages as own_audit_pages
from consoles.operator import audit_pages, incident_pages, job_pages

__all__ = ["app_pages", "audit_pages", "incident_pages", "job_pages", "own_audit_pages"]
