"""Fills an empty cloud and prints JSON with tokens and keys.

`python -m bench.seed USERS APP_SERVER_URL [SPEECH_APP_URL]`
"""

import json
import os
import sys

import django

PACKAGES = ("com.example.bench.legacy", "com.example.bench.modern")
SPEECH_PACKAGE = "com.example.bench.speech"


def main(users: int, app_server: str, speech_app: str = "") -> None:
    """Create the apps and `users` people who have installed them; one more app if it has an address."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.dev")
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from accounts.models import User
    from accounts.services import ensure_default_organization, get_or_create_user
    from accounts.tokens import issue_core_token
    from apps_registry.models import Installation
    from apps_registry.services import create_api_key, register_app

    addresses = dict.fromkeys(PACKAGES, app_server) | ({SPEECH_PACKAGE: speech_app} if speech_app else {})
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        owner = get_or_create_user(email="developer@bench.example")
        organization = ensure_default_organization(user=owner)
        apps = [
            register_app(
                package_name=package,
                public_url=address,
                organization=organization,
                name=package.rsplit(".", 1)[1],
                permissions=["MICROPHONE", "LOCATION"],
            )
            for package, address in addresses.items()
        ]
        keys = {app.package_name: create_api_key(app=app, name="bench")[1] for app in apps}
        people = User.objects.bulk_create(
            User(email=f"user{number}@bench.example") for number in range(users)
        )
        Installation.objects.bulk_create(
            Installation(user=person, app=app) for person in people for app in apps
        )
        tokens = [(person.email, issue_core_token(person)) for person in people]
    sys.stdout.write(json.dumps({"users": tokens, "keys": keys}))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
