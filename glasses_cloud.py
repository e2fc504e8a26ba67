"""The command line of the cloud: `manage.py` in a working copy, `glasses-cloud` where a wheel is installed.

Outside our packages, because loading `mentra_site` already settles which settings count.
"""

import os
import sys


def main() -> None:
    """Run the command in `sys.argv`, in development settings unless the environment names others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.dev")
    if sys.argv[1:2] == ["up"]:
        from mentra_site.supervisor.environment import prepare_environment

        prepare_environment(sys.argv[2:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
