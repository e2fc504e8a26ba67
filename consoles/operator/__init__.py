"""The operators' site: Django's admin with everything of everybody."""
