"""Each process loads what it works with: a start costs what it loads, on every machine and at every restart."""

import os
import subprocess
import sys

import pytest

from tests.support.commands import ROOT

# By what a process loads before it works. The worker and every management command load the applications.
STARTS = {
    "beat": "from mentra_site import celery_app; celery_app.Beat(app=celery_app).init_loader()",
    "applications": "import django; django.setup()",
}
PAGES = {
    "consoles.developer.site",
    "consoles.operator.pages",
    "django.contrib.admindocs",
    "drf_spectacular.openapi",
    "mentra_site.urls",
    "rest_framework.views",
    "unfold.admin",
}
UNWANTED = {
    "beat": PAGES
    | {"accounts.models", "django.contrib.auth.models", "sessions_app.models", "sessions_app.tasks"},
    "applications": PAGES,
}


@pytest.mark.parametrize("process", STARTS)
def test_a_process_loads_nothing_it_has_no_use_for(process: str) -> None:
    program = f"{STARTS[process]}; import sys; print('\\n'.join(sys.modules))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "mentra_site.settings.test"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert UNWANTED[process] & set(done.stdout.split()) == set()
