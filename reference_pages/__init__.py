"""Makes the pages of the documentation that follow from the code: messages, codes, REST, settings, the Python SDK."""
