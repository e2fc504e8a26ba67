"""The command lines and environments of the processes that make one cloud."""

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from mentra_site.places import COMMAND, PACKAGES
from mentra_site.supervisor.child import ChildSpec
from mentra_site.supervisor.options import UpOptions

# Stop webhooks wait for other people's servers; a few of them side by side are enough for one machine.
WORKER_THREADS = 8


def shared_environment(options: UpOptions) -> dict[str, str]:
    """Return what every child sees: the operator's environment and the addresses of this cloud."""
    search_path = [str(PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {
        "MENTRA_DATA_DIR": str(options.data_dir),
        "REDIS_URL": settings.REDIS_URL,
        "PUBLIC_URL": settings.PUBLIC_URL,
        "PYTHONPATH": os.pathsep.join(search_path),
        "PYTHONUNBUFFERED": "1",
    }


def nodes(options: UpOptions, environment: Mapping[str, str]) -> list[ChildSpec]:
    """Describe the nodes; each has an identity and an address of its own."""
    return [_node(options, environment, index) for index in range(options.nodes)]


def _node(options: UpOptions, environment: Mapping[str, str], index: int) -> ChildSpec:
    port = options.ports[index]
    given_id, given_url = environment.get("NODE_ID"), environment.get("NODE_PUBLIC_URL")
    is_alone = options.nodes == 1
    own = {
        "NODE_ID": given_id if given_id and is_alone else f"{given_id or 'node'}-{index + 1}",
        "NODE_PUBLIC_URL": given_url
        if given_url and is_alone
        else options.node_url(port, environment["PUBLIC_URL"]),
        **_udp(options, environment, port),
    }
    command = [
        *COMMAND,
        "node",
        "--host",
        options.host,
        "--port",
        str(port),
    ]
    return ChildSpec(f"node-{index + 1}", (*command, "--server", options.server), {**environment, **own})


def _udp(options: UpOptions, environment: Mapping[str, str], port: int) -> dict[str, str]:
    """Offer sound by UDP under the number of the node's own port, unless the operator says where."""
    given_port = environment.get("UDP_PORT") if options.nodes == 1 else None
    return {
        "UDP_HOST": environment.get("UDP_HOST")
        or urlsplit(environment["PUBLIC_URL"]).hostname
        or options.host,
        "UDP_PORT": given_port or str(port),
        "UDP_BIND_HOST": environment.get("UDP_BIND_HOST") or options.host,
    }


def worker(environment: Mapping[str, str]) -> ChildSpec:
    """Describe the Celery worker. Nobody else talks to it, so the chatter between workers is off."""
    options = ["--pool", "threads", "--concurrency", str(WORKER_THREADS)]
    options += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return ChildSpec("worker", (*_celery("worker"), *options), environment)


def beat(options: UpOptions, environment: Mapping[str, str]) -> ChildSpec:
    """Describe the clock. Its schedule is in the data folder, whose lock makes a pid file needless."""
    schedule = str(options.data_dir / "beat-schedule")
    return ChildSpec("beat", (*_celery("beat"), "--schedule", schedule, "--pidfile="), environment)


def speech_workers(options: UpOptions, environment: Mapping[str, str]) -> list[ChildSpec]:
    """Describe the speech workers; each listens on a free port that nodes learn from the register."""
    given_id = environment.get("SPEECH_WORKER_ID", "speech")
    command = (*COMMAND, "speech_worker", "--worker-id")
    return [
        ChildSpec(f"speech-{number}", (*command, f"{given_id}-{number}"), environment)
        for number in range(1, options.speech_workers + 1)
    ]


def media_server(environment: Mapping[str, str]) -> ChildSpec:
    """Describe the media server; its settings say where it listens."""
    return ChildSpec("media", (*COMMAND, "media_server"), environment)


def _celery(command: str) -> list[str]:
    level = str(settings.LOGGING["root"]["level"])
    return [sys.executable, "-m", "celery", "--quiet", "-A", "mentra_site", command, "--loglevel", level]
