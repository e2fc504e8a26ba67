#!/usr/bin/env python
"""Command line of the project."""

from glasses_cloud import main

if __name__ == "__main__":
    main()
