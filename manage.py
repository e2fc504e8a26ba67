#!/usr/bin/env python
"""Command line of the project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.dev")
    if sys.argv[1:2] == ["up"]:
        from mentra_site.supervisor.environment import prepare_environment

        prepare_environment(sys.argv[2:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
