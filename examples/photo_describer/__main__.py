"""Runs the app with the configuration in the environment: `python -m examples.photo_describer`.

With DESCRIBER_URL and DESCRIBER_MODEL a model behind an OpenAI-compatible endpoint describes the photos (DESCRIBER_KEY
and DESCRIBER_PROMPT may be set); without them they are measured on this machine.
"""

import functools
import os
import sys

from examples.photo_describer.app import build_app
from examples.photo_describer.describing import Describer
from examples.photo_describer.hosted import PROMPT, HostedDescriber
from examples.photo_describer.measured import MeasuringDescriber
from mentra_sdk.starting import run_from_environment

DEFAULT_PORT = 8016


def choose_describer() -> Describer:
    """Return what the environment asks for."""
    url, model = os.environ.get("DESCRIBER_URL"), os.environ.get("DESCRIBER_MODEL")
    if not url:
        return MeasuringDescriber()
    if not model:
        sys.exit("Set DESCRIBER_MODEL to the name of the model that DESCRIBER_URL is to use.")
    return HostedDescriber(
        url,
        model=model,
        api_key=os.environ.get("DESCRIBER_KEY") or None,
        prompt=os.environ.get("DESCRIBER_PROMPT") or PROMPT,
    )


if __name__ == "__main__":
    run_from_environment(functools.partial(build_app, describer=choose_describer()), DEFAULT_PORT)
